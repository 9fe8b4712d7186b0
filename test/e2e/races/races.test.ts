import type { Answer, WireCluster } from '../api.ts'
import { PATIENCE_MS, sideBySide, stage } from '../journeys/stage.ts'
import { type Choices, choices, tell } from '../sweep/seed.ts'
import { WAITERS, waitFor } from '../waiters.ts'
import { type Call, type CallName, callNames, callOf, isAllowed, OLD_VERSION, send, WORKER } from './calls.ts'

const here = stage()

/** Calls at once, one round after the other on the same cluster; more of them in the soak. */
const ROUNDS = Number(process.env.SLIPWAY_RACE_ROUNDS ?? 6)

interface Sent {
  readonly name: CallName
  readonly call: Call
  readonly answer: Answer
}

/** States that some waiter of the calls knows, and the one that the cluster was at rest in. */
function legalStates(names: readonly CallName[], rest: string): ReadonlySet<string> {
  const waiters = names.flatMap((name) => callOf(name).waiter ?? [])
  return new Set([rest, 'gone', ...waiters.flatMap((kind) => [...WAITERS[kind].pending, ...WAITERS[kind].target])])
}

/** Looks all the while, and tells which states it saw until it is stopped. */
function watch(id: string): () => Promise<ReadonlySet<string>> {
  const seen = new Set<string>()
  let isOver = false
  const watching = (async () => {
    while (!isOver) seen.add((await here.api.cluster(id))?.state ?? 'gone')
  })()
  return async () => {
    isOver = true
    await watching
    return seen
  }
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

/** One gets through, the others are told why not; what keeps nobody out goes beside. */
async function judge(sent: readonly Sent[], before: WireCluster): Promise<CallName | undefined> {
  const isDeleted = sent.some(({ name, answer }) => name === 'delete' && answer.code === 202)
  for (const { name, answer } of sent) {
    const { code, message, error } = answer
    expect({ name, code, message }).toEqual({ name, code, message: expect.stringMatching(/^[^%]+$/) })
    expect([200, 202, 400, 409, ...(isDeleted ? [404] : [])]).toContain(code)
    if (code === 409) expect({ message, error }).toMatchObject({ error: { code: 'conflict' } })
  }
  const lasting = sent.filter(({ call }) => call.waiter)
  const winners = lasting.filter(({ answer }) => answer.code === 202)
  if (isDeleted) return 'delete'
  const changesPlans = sent.some(({ name, answer }) => ['resize', 'autoscale'].includes(name) && answer.code === 200)
  const sensible = lasting.filter(({ call }) => isAllowed(call, before))
  if (sensible.length > 0 && !changesPlans) expect(winners.length).toBeGreaterThan(0)
  if (winners.length > 1) await oneAfterTheOther(before.id, winners.length)
  for (const { answer } of sensible.filter((one) => !winners.includes(one)))
    if (answer.code === 409) expect(answer.message).toMatch(/^(cluster is |Another operation|Somebody else)/)
  return winners.at(-1)?.name
}

/** So late that the other had already ended: then it was no race. */
async function oneAfterTheOther(id: string, count: number): Promise<void> {
  const { payload } = await here.api.call<{ operations: { kind: string; createdOn: number; endedOn?: number }[] }>(
    'GET',
    `/api/clusters/${id}/operations`,
  )
  const [latest, ...earlier] = payload.operations.filter(({ kind }) => kind !== 'open-ports').slice(0, count)
  for (const { endedOn = Number.POSITIVE_INFINITY } of earlier) expect(endedOn).toBeLessThanOrEqual(latest?.createdOn ?? 0)
}

/** Waits as the provider would after the call that won, and sees that nothing goes on any more. */
async function atRest(cluster: WireCluster, winner: CallName | undefined): Promise<WireCluster | undefined> {
  const waiter = winner && callOf(winner).waiter
  if (winner === 'delete') {
    await here.gone(cluster)
    return undefined
  }
  if (waiter) await waitFor(here.api, cluster.id, waiter)
  for (const { id } of await here.api.operations(cluster.id)) await here.settled(id)
  const rest = await here.api.cluster(cluster.id)
  expect(['running', 'stopped', 'error']).toContain(rest?.state)
  expect(rest).not.toHaveProperty('activeOperation')
  if (rest) seesItsWorkers(rest)
  return rest
}

/** What the cluster shows is what Azure has. */
function seesItsWorkers(cluster: WireCluster): void {
  const machines = here
    .resourcesOf(cluster)
    .filter(({ type, name }) => /virtualMachines$/i.test(type) && name.startsWith(`${cluster.name}-worker-`))
  const { workers } = cluster.clusterConfiguration
  if (cluster.state === 'running') expect(machines).toHaveLength(workers.reduce((sum, { count }) => sum + count, 0))
  if (cluster.state === 'stopped') expect(machines).toEqual([])
}

async function rounds(create: Record<string, unknown>, prepare: (cluster: WireCluster) => void = () => {}): Promise<void> {
  const chosen = choices()
  const told: string[] = []
  let cluster: WireCluster | undefined
  try {
    const created = await here.created(create)
    cluster = created
    prepare(created)
    for (let round = 1; round <= ROUNDS && cluster; round++) {
      const before: WireCluster = cluster
      const names = drawCalls(chosen, before, round === ROUNDS)
      told.push(`${before.state}: ${names.join(' + ')}`)
      const stopWatching = watch(before.id)
      const race = async () => {
        const sent = await Promise.all(
          names.map(async (name) => ({ name, call: callOf(name), answer: await send(here, callOf(name), before) })),
        )
        told.push(sent.map(({ name, answer }) => `${name} ${answer.code} ${answer.message}`).join(', '))
        return atRest(before, await judge(sent, before))
      }
      cluster = await race().finally(stopWatching)
      const legal = legalStates(names, before.state)
      for (const state of await stopWatching()) expect(legal).toContain(state)
    }
    if (cluster) await here.terminated(cluster.id)
  } catch (error) {
    tell(`races, SLIPWAY_SWEEP_SEED=${chosen.seed}:\n${told.join('\n')}`)
    throw error
  }
}

const clusterConfiguration = {
  head: { instanceType: 'Standard_D2s_v4', diskSize: 256, haEnabled: false },
  workers: [{ ...WORKER, count: 1 }],
}

sideBySide(
  {
    'on a cluster with workers': () => rounds({ clusterConfiguration }),
    'on another such cluster': () => rounds({ clusterConfiguration }),
    'on a cluster that can be upgraded': () => rounds({ version: OLD_VERSION }),
    'on a cluster whose upgrade fails half-way': () =>
      rounds({ version: OLD_VERSION }, ({ name }) => here.spoil({ match: { path: `/${name}-master-g\\d$` }, fault: 'install-fails' })),
  },
  Math.max(1, ROUNDS / 6) * PATIENCE_MS,
)
