/** What a simulated agent is at, derived from when its machine booted; nothing else has to be remembered to go on after a restart. */
export interface AgentProgress {
  state: 'starting' | 'installing' | 'ready' | 'failed'
  stage: string
  /** 0 to 1 over everything from boot to ready. */
  progress: number
  logTail: string
  error?: string
}

/** Seconds that the phases take, before the speed is applied. */
export interface AgentLatencies {
  installSeconds: number
  startSeconds: number
}

interface Phase {
  state: 'starting' | 'installing'
  stage: string
  /** Milliseconds. */
  lasts: number
}

/** Parts of the whole, in the order of the installer's own log. */
const INSTALL_STAGES: readonly [string, number][] = [
  ['Downloading the Hopsworks installer', 0.1],
  ['Installing Java, Python and system packages', 0.25],
  ['Installing RonDB', 0.15],
  ['Installing Hadoop, Hive and Spark', 0.3],
  ['Installing Hopsworks', 0.2],
]

const START_STAGES: readonly [string, number][] = [
  ['Waiting for RonDB', 0.3],
  ['Starting Kafka, HopsFS and OpenSearch', 0.4],
  ['Starting Hopsworks', 0.3],
]

/** How far an installation that is doomed gets. */
const FAILS_AT_STAGE = 2

/** The phases of one boot; `install` when Hopsworks is still to be installed. */
function phases(install: boolean, { installSeconds, startSeconds }: AgentLatencies): Phase[] {
  const of = (state: Phase['state'], stages: readonly [string, number][], seconds: number) =>
    stages.map(([stage, part]) => ({ state, stage, lasts: part * seconds * 1000 }))
  return [...(install ? of('installing', INSTALL_STAGES, installSeconds) : []), ...of('starting', START_STAGES, startSeconds)]
}

export interface Boot {
  /** The machine's clock, in ms, when its agent started. */
  bootedAt: number
  /** This boot has Hopsworks to install. */
  install: boolean
  /** The fault plan dooms this installation. */
  installFails: boolean
}

/** What the agent is at, at `now` (ms), and in how many ms there is something new to tell (Infinity when never). */
export function agentProgress(boot: Boot, latencies: AgentLatencies, now: number): { at: AgentProgress; changesIn: number } {
  const all = phases(boot.install, latencies)
  const whole = all.reduce((sum, phase) => sum + phase.lasts, 0)
  const elapsed = Math.max(0, now - boot.bootedAt)
  const log: string[] = []
  let begins = 0
  for (const [index, phase] of all.entries()) {
    const ends = begins + phase.lasts
    log.push(`${new Date(boot.bootedAt + begins).toISOString()} ${phase.stage}`)
    if (elapsed < ends) {
      const progress = whole === 0 ? 1 : elapsed / whole
      return {
        at: { state: phase.state, stage: phase.stage, progress, logTail: log.join('\n') },
        changesIn: ends - elapsed,
      }
    }
    if (boot.install && boot.installFails && index === FAILS_AT_STAGE) {
      const error = `${phase.stage}: the command ended with exit code 1`
      log.push(`${new Date(boot.bootedAt + ends).toISOString()} ${error}`)
      return {
        at: { state: 'failed', stage: phase.stage, progress: ends / whole, logTail: log.join('\n'), error },
        changesIn: Number.POSITIVE_INFINITY,
      }
    }
    begins = ends
  }
  log.push(`${new Date(boot.bootedAt + whole).toISOString()} Hopsworks is up`)
  return { at: { state: 'ready', stage: 'Running', progress: 1, logTail: log.join('\n') }, changesIn: Number.POSITIVE_INFINITY }
}

/** How many ms after its beginning the agent has brought Hopsworks up, or has failed to. */
export function broughtUpAfter(boot: Boot, latencies: AgentLatencies): number {
  const all = phases(boot.install, latencies)
  return (boot.install && boot.installFails ? all.slice(0, FAILS_AT_STAGE + 1) : all).reduce((sum, { lasts }) => sum + lasts, 0)
}

/** The installation of this boot is over and done by `now`: the next boot has nothing to install. */
export function installedBy(boot: Boot, { installSeconds }: AgentLatencies, now: number): boolean {
  return !boot.install || (!boot.installFails && now - boot.bootedAt >= installSeconds * 1000)
}
