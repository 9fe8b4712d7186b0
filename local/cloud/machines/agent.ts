import type { Clock } from '../../clock.ts'
import {
  type CloudNode,
  type CommandLatencies,
  type CommandMemory,
  commandReport,
  type HeartbeatAnswer,
  heartbeatAnswer,
  nextDue,
  noCommands,
  settle,
  type Task,
  take,
} from './agent-commands.ts'
import { type AgentLatencies, agentProgress, type Boot, broughtUpAfter, installedBy } from './agent-timeline.ts'
import type { AgentConfig } from './boot-data.ts'
import { loadReport, type Resources } from './load.ts'

/** What an agent keeps on its machine's disk. */
export interface AgentMemory extends CommandMemory {
  /** Hopsworks is installed: a later boot only starts it. */
  installed: boolean
  /** The latest try of a boot to bring Hopsworks up, where that took more than one. */
  again?: Pick<Boot, 'bootedAt' | 'installFails'> & { bootId: string }
}

export const newMemory: AgentMemory = { installed: false, ...noCommands }

export interface AgentSetup {
  config: AgentConfig
  boot: Boot & { bootId: string }
  latencies: AgentLatencies & CommandLatencies
  clock: Clock
  /** Evenly spread over [0, 1). */
  random: () => number
  /** What jobs ask of the cluster at present. */
  demand: () => Resources
  /** The fault plan holds this heartbeat back. */
  silent: () => boolean
  /** The fault plan dooms an installation that begins now. */
  installFails: () => boolean
  /** The fault plan lets this command fail. */
  fails: (type: string) => boolean
  memory: { read(): AgentMemory; write(next: AgentMemory): void }
  log: (line: string) => void
}

/** The longest wait between two tries while the API does not answer, in ms. */
const LONGEST_BACKOFF = 30_000

/** The wait after 403: the cluster is not known (any more), but it may be again. */
const FORBIDDEN_BACKOFF = 60_000

/** A try that hangs is given up after this long, in real ms. */
const REQUEST_TIMEOUT = 30_000

const LOG_TAIL = 8192

const MOST_ANSWER_BYTES = 4 * 1024 * 1024

/**
 * The simulated agent of one booted head: sends heartbeats and executes commands until it is stopped, whatever the API does meanwhile.
 * Besides the regular heartbeats it sends one as soon as there is something new to tell. Returns how to stop it.
 */
export function startAgent({
  config,
  boot: present,
  latencies,
  clock,
  random,
  demand,
  silent,
  installFails,
  fails,
  memory,
  log,
}: AgentSetup): () => void {
  const ended = new AbortController()
  let first = true
  let failures = 0
  let everySeconds = config.heartbeatSeconds
  let disarm = () => {}
  let workers: readonly CloudNode[] = []

  /** The present boot, as if it had begun with its latest try. */
  function latest({ again }: AgentMemory): AgentSetup['boot'] {
    return again?.bootId === present.bootId ? { ...present, ...again } : present
  }

  function heartbeat(now: number) {
    const boot = latest(memory.read())
    const { at } = agentProgress(boot, latencies, now)
    const { logTail, ...agent } = at
    return {
      version: { major: 0, minor: 2, patch: 0 },
      ...commandReport(memory.read()),
      firstHeartBeat: first,
      ...loadReport(demand(), workers),
      agent: { release: '1.0.0', nodeId: config.nodeId, bootId: boot.bootId, ...agent, logTail: logTail.slice(-LOG_TAIL) },
    }
  }

  async function beat() {
    const now = clock.now()
    const before = memory.read()
    remember(before, { ...before, ...settle(before, now), installed: before.installed || installedBy(latest(before), latencies, now) })
    if (silent()) return arm(everySeconds * 1000)
    const { status, payload } = await send(now)
    // The machine may have lost power meanwhile: what the answer says reaches nobody then.
    if (!ended.signal.aborted) arm(payload ? answered(payload) : backOff(status))
  }

  /** The next heartbeat, `wait` ms from now. A beat that fails for reasons of our own is told and doesn't end the agent. */
  function arm(wait: number) {
    disarm = clock.after(wait, () => {
      beat().catch((error) => {
        log(`a heartbeat failed: ${error}`)
        if (!ended.signal.aborted) arm(LONGEST_BACKOFF)
      })
    })
  }

  /** One heartbeat: the status, 0 for none, and the payload of an answer that fits the protocol. */
  async function send(now: number): Promise<{ status: number; payload?: HeartbeatAnswer }> {
    try {
      const response = await fetch(`${config.api.replace(/\/+$/, '')}/agent/heartbeat`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': config.key },
        body: JSON.stringify(heartbeat(now)),
        redirect: 'error',
        signal: AbortSignal.any([ended.signal, AbortSignal.timeout(REQUEST_TIMEOUT)]),
      })
      if (response.status !== 200) return { status: response.status }
      const answer = heartbeatAnswer.safeParse(await boundedJson(response))
      return { status: 200, ...(answer.data && { payload: answer.data.payload }) }
    } catch {
      // No connection, a broken body, a time-out: the API is away, and the agent outlives that.
      return { status: 0 }
    }
  }

  /** Ms to wait after a heartbeat that failed. */
  function backOff(status: number): number {
    if (status === 403) return FORBIDDEN_BACKOFF
    failures += 1
    return Math.min(LONGEST_BACKOFF, Math.min(1, everySeconds) * 1000 * 2 ** Math.min(failures - 1, 20)) * (0.5 + random() / 2)
  }

  /** Takes on what the API asks; answers the ms to wait for the next heartbeat. */
  function answered(payload: HeartbeatAnswer): number {
    const now = clock.now()
    first = false
    failures = 0
    everySeconds = payload.heartbeatSeconds ?? everySeconds
    workers = payload.workers
    const before = memory.read()
    const { state } = agentProgress(latest(before), latencies, now).at
    const tried = state === 'failed' ? tryAgain(before, payload, now) : before
    // Other commands need a running Hopsworks: until then they wait with the API, which repeats them.
    const asked = payload.commands.filter(({ id }) => state === 'ready' || tried.tasks[id])
    const after = { ...tried, ...take(tried, { ...payload, commands: asked }, latencies, now, fails) }
    remember(before, after)
    const news = Math.min(agentProgress(latest(after), latencies, now).changesIn, nextDue(after, now))
    // Rounded up: a timer that fires a fraction of a millisecond early would find nothing new yet.
    return Math.min(everySeconds * 1000, Math.max(0, Math.ceil(news)))
  }

  function tryAgain(before: AgentMemory, { commands }: HeartbeatAnswer, now: number): AgentMemory {
    const order = commands.find(({ id, type }) => type === 'INSTALL' && !before.tasks[id])
    if (!order) return before
    const again = { bootId: present.bootId, bootedAt: now, installFails: installFails() }
    const dueAt = now + broughtUpAfter({ ...present, ...again }, latencies)
    const task: Task = { type: order.type, status: 'ONGOING', message: '', dueAt, nodes: [], ...(again.installFails && { doomed: true }) }
    return { ...before, again, tasks: { ...before.tasks, [order.id]: task } }
  }

  function remember(before: AgentMemory, after: AgentMemory) {
    if (JSON.stringify(after) !== JSON.stringify(before)) memory.write(after)
  }

  arm(0)
  return () => {
    ended.abort()
    disarm()
  }
}

async function boundedJson(response: Response): Promise<unknown> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of response.body ?? []) {
    size += part.length
    if (size > MOST_ANSWER_BYTES) throw new RangeError('The answer is too long.')
    parts.push(part)
  }
  return JSON.parse(Buffer.concat(parts).toString('utf8'))
}
