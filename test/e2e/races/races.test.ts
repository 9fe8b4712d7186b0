import type { WireCluster } from '../api.ts'
import { PATIENCE_MS, sideBySide, stage } from '../journeys/stage.ts'
import { type Choices, choices, tell } from '../sweep/seed.ts'
import { WAITERS, waitFor } from '../waiters.ts'
import { type CallName, callNames, callOf, isAllowed, OLD_VERSION, send, WORKER } from './calls.ts'
import { judge, operationOf } from './judge.ts'
import { watch } from './watch.ts'
import { withoutBackups } from './without-backups.ts'

const here = stage()

/** Calls at once, one round after the other on the same cluster; more of them in the soak. */
const ROUNDS = Number(process.env.SLIPWAY_RACE_ROUNDS ?? 6)

/** Of so many rounds one is called off. */
const CALLED_OFF = 3

/** How the end of an operation is waited for. */
const waiters: Readonly<Record<string, keyof typeof WAITERS>> = {
  'create-cluster': 'run',
  'start-cluster': 'run',
  'stop-cluster': 'stop',
  'restart-cluster': 'run',
  'add-workers': 'run',
  'remove-workers': 'run',
  'autoscale-workers': 'run',
  'upgrade-cluster': 'upgrade',
  'rollback-upgrade': 'stop',
  'delete-cluster': 'delete',
  'backup-cluster': 'run',
}

/** States that the waiter of some operation knows, and the one that the cluster was at rest in. */
function legalStates(kinds: readonly string[], rest: string): ReadonlySet<string> {
  const known = kinds.flatMap((kind) => waiters[kind] ?? [])
  return new Set([rest, 'gone', ...known.flatMap((waiter) => [...WAITERS[waiter].pending, ...WAITERS[waiter].target])])
}

/** Two or three calls: most of them such as make sense and last, so that they get into each other's way. The last round ends with a deletion. */
function drawCalls({ oneOf, between }: Choices, cluster: WireCluster, isLast: boolean): CallName[] {
  const names = callNames.filter((name) => (name !== 'delete' || isLast) && (name !== 'retry' || cluster.failedOperation))
  const sensible = names.filter((name) => isAllowed(callOf(name), cluster))
  const lasting = sensible.filter((name) => callOf(name).waiter)
  const pools = [lasting, lasting, lasting, sensible, names].filter((pool) => pool.length > 0)
  const draw = () => oneOf(oneOf(pools as [CallName[]]) as [CallName])
  const drawn = Array.from({ length: between(2, 4) }, draw)
  return isLast ? ['delete', ...drawn.slice(1)] : drawn
}

/** Waits as the provider would for what runs, and sees that nothing goes on any more. */
async function atRest(cluster: WireCluster, isDeleted: boolean): Promise<WireCluster | undefined> {
  if (isDeleted) {
    await here.gone(cluster)
    return undefined
  }
  for (;;) {
    const now = await here.api.cluster(cluster.id)
    const running = now?.activeOperation as string | undefined
    const waiter = running && waiters[(await operationOf(here.api, running)).kind]
    if (waiter) await waitFor(here.api, cluster.id, waiter)
    if (running) await here.settled(running)
    for (const { id } of await here.api.operations(cluster.id)) await here.settled(id)
    const rest = await here.api.cluster(cluster.id)
    if (!rest || rest.activeOperation !== undefined) continue
    expect(['running', 'stopped', 'error', 'worker-error']).toContain(rest.state)
    seesItsWorkers(rest)
    return rest
  }
}

/** What the cluster shows is what Azure has. */
function seesItsWorkers(cluster: WireCluster): void {
  const machines = here
    .resourcesOf(cluster)
    .filter(({ type, name }) => /virtualMachines$/i.test(type) && name.startsWith(`${cluster.name}-worker-`))
  const groups = [...cluster.clusterConfiguration.workers, ...((cluster.managedWorkers ?? []) as readonly { count: number }[])]
  if (cluster.state === 'running') expect(machines).toHaveLength(groups.reduce((sum, { count }) => sum + count, 0))
  if (cluster.state === 'stopped') expect(machines).toEqual([])
}

/** Somebody changes their mind; too late is fine. */
async function calledOff({ id }: WireCluster): Promise<string> {
  const activeOperation = (await here.api.cluster(id))?.activeOperation
  if (activeOperation === undefined) return 'nothing to cancel'
  const { code, message } = await here.api.call('POST', `/api/operations/${activeOperation}/cancel`)
  expect([202, 409]).toContain(code)
  return `cancel ${code} ${message}`
}

interface Lane {
  readonly create: Record<string, unknown>
  readonly prepare?: (cluster: WireCluster) => void
  /** What happens to the cluster beside the calls. */
  readonly beside?: (cluster: WireCluster, chosen: Choices) => Promise<unknown>
}

async function rounds({ create, prepare = () => {}, beside = async () => {} }: Lane): Promise<void> {
  const chosen = choices()
  const told: string[] = []
  let cluster: WireCluster | undefined
  try {
    const created = await here.created({ backupRetentionPeriod: 7, ...create })
    cluster = created
    prepare(created)
    for (let round = 1; round <= ROUNDS && cluster; round++) {
      const before: WireCluster = cluster
      const names = drawCalls(chosen, before, round === ROUNDS)
      told.push(`${before.state}: ${names.join(' + ')}`)
      const stopWatching = watch(here.api, before.id)
      const race = async () => {
        const [sent, happened] = await Promise.all([
          Promise.all(names.map(async (name) => ({ name, call: callOf(name), answer: await send(here.api, callOf(name), before) }))),
          beside(before, chosen),
        ])
        told.push(sent.map(({ name, answer }) => `${name} ${answer.code} ${answer.message}`).join(', '))
        const isDeleted = await judge(here.api, sent, before, happened !== undefined)
        if (!isDeleted && chosen.between(0, CALLED_OFF) === 0) told.push(await calledOff(before))
        return atRest(before, isDeleted)
      }
      cluster = await race().finally(stopWatching)
      const legal = legalStates(
        (await here.api.operations(before.id)).map(({ kind }) => kind),
        before.state,
      )
      for (const state of await stopWatching()) expect(legal).toContain(state)
    }
    if (cluster) await here.terminated(cluster.id)
    await withoutBackups(here, created.id)
  } catch (error) {
    tell(`races, SLIPWAY_SWEEP_SEED=${chosen.seed}:\n${told.join('\n')}`)
    throw error
  }
}

/** The load comes and goes, and the minute is over. */
async function scales({ name }: WireCluster, { oneOf }: Choices): Promise<true> {
  const load = { cluster: name, vcores: oneOf([0, 3, 6]), memoryMB: 0 }
  await fetch(`${here.world.cloud.url}/_slipway/load`, { method: 'PUT', body: JSON.stringify(load) })
  await fetch(`${here.world.host.url}/admin/functions/autoscale-clusters`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  })
  return true
}

const clusterConfiguration = {
  head: { instanceType: 'Standard_D2s_v4', diskSize: 256, haEnabled: false },
  workers: [{ ...WORKER, count: 1 }],
}

const nonGpu = {
  instanceType: 'Standard_D4s_v4',
  diskSize: 256,
  minWorkers: 0,
  maxWorkers: 2,
  standbyWorkers: 0.5,
  downscaleWaitTime: 2,
}

sideBySide(
  {
    'on a cluster with workers': () => rounds({ create: { clusterConfiguration } }),
    'on a cluster whose workers scale': () => rounds({ create: { autoscale: { nonGpu } }, beside: scales }),
    'on a cluster that can be upgraded': () => rounds({ create: { version: OLD_VERSION } }),
    'on a cluster whose upgrade fails half-way': () =>
      rounds({
        create: { version: OLD_VERSION },
        prepare: ({ name }) => here.spoil({ match: { path: `/${name}-master-g\\d$` }, fault: 'install-fails' }),
      }),
  },
  Math.max(1, ROUNDS / 6) * PATIENCE_MS,
)
