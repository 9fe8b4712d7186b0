import { clusterEndpoints } from '../../../functions/clusters/http.ts'
import { getCluster, removeCluster } from '../../../shared/clusters/cluster-store.ts'
import { listAllClusters } from '../../../shared/clusters/list-clusters.ts'
import { freeName } from '../../../shared/clusters/name-store.ts'
import { clusterOperations } from '../../../shared/clusters/operation-kinds.ts'
import { newKey } from '../../../shared/keys/key.ts'
import { byKind } from '../../../shared/operations/kinds.ts'
import { changeOperation } from '../../../shared/operations/operations.ts'
import type { Orchestrations } from '../../../shared/operations/orchestrations.ts'
import { operationStore } from '../../../shared/operations/store.ts'
import { watchOperations } from '../../../shared/operations/watchdog.ts'
import { createWorkshop } from '../../../shared/operations/workshop.ts'
import type { Tables } from '../../../shared/storage/table.ts'
import { testServices } from '../../services.ts'
import { frontDoorClient } from '../http/front-door-client.ts'
import { failingTables } from '../storage/failing-tables.ts'
import { sentRequest } from './drafts.ts'

const MINUTE = 60_000
const key = newKey()
const services = testServices({ SLIPWAY_FIRST_KEY: key, SLIPWAY_SUBSCRIPTION_ID: '00000000-0000-0000-0000-000000000001' })

const running = new Set<string>()
const orchestrations: Orchestrations = {
  start: async (_name, id) => void running.add(id),
  status: async (id) => (running.has(id) ? 'running' : 'missing'),
  purge: async () => {},
}

/** A process of its own: what it remembers dies with it. */
const create = (name: string, tables = services.tables) => {
  const endpoint = clusterEndpoints.find((endpoint) => endpoint.name === 'clusters-create')
  if (!endpoint) throw new Error('clusters-create is gone')
  return frontDoorClient(
    { ...services, tables },
    undefined,
    () => orchestrations,
  )(endpoint, {
    headers: { 'x-api-key': key, 'idempotency-key': name },
    body: sentRequest({ name }),
  })
}

async function clusterNamed(name: string) {
  const { clusters } = await listAllClusters(services, {})
  return clusters.filter(({ request }) => request.name === name)
}

const operationsOf = async (clusterId: string) =>
  (await operationStore(services.tables).operations.list(clusterId)).items.map(({ value }) => value)

let count = 0
const newName = () => `again${count++}`

/** Asks again for as long as the answer is to do so. */
async function createAgain(name: string) {
  for (let waited = 0; ; waited += 2000) {
    const answer = await create(name)
    if (answer.status !== 409 || !answer.envelope.error?.retryable || waited > MINUTE) return answer
    services.advance(2000)
  }
}

describe.each([
  { when: 'the process dies', forGood: true },
  { when: 'storage fails for a moment', forGood: false },
])('when $when', ({ forGood }) => {
  test.each([{ lands: true }, { lands: false }])(
    'at any write (done: $lands), the same key makes one cluster',
    async ({ lands }) => {
      let broken = 0
      for (let broke = true; broke; broken++) {
        const name = newName()
        const tables = failingTables(services.tables, { after: broken, lands, forGood })
        const first = await create(name, tables)
        const { status, envelope } = await createAgain(name)
        expect([broken, status]).toEqual([broken, 202])
        const { id, operation } = envelope.payload as { id: string; operation: string }
        if (first.status === 202) expect(first.envelope.payload).toEqual({ id, operation })

        const clusters = await clusterNamed(name)
        expect(clusters.map((cluster) => [cluster.id, cluster.activeOperation?.id])).toEqual([[id, operation]])
        expect(running).toContain(operation)
        expect((await create(name)).envelope.payload).toEqual({ id, operation })
        broke = tables.broke()
      }
      expect(broken).toBeGreaterThan(8)

      services.advance(10 * MINUTE)
      await watchOperations(createWorkshop(services, { steps: byKind<never>(), operations: byKind(clusterOperations) }), orchestrations)
      for (const { id, activeOperation } of (await listAllClusters(services, {})).clusters) {
        const open = (await operationsOf(id)).filter(({ state }) => state === 'pending')
        expect(open.map((operation) => operation.id)).toEqual([activeOperation?.id])
      }
    },
    60_000,
  )
})

test('a cluster that was terminated before its creator asked again is not made again', async () => {
  const name = newName()
  // The first writes more: it notes the use of the key.
  await create(newName())
  const untroubled = failingTables(services.tables, { after: Number.POSITIVE_INFINITY, lands: true, forGood: false })
  await create(newName(), untroubled)
  // The last write of all keeps the answer.
  const tables = failingTables(services.tables, { after: untroubled.writes() - 1, lands: false, forGood: true })
  expect((await create(name, tables)).status).toBe(202)
  expect(tables.broke()).toBe(true)
  const [cluster] = await clusterNamed(name)
  const id = cluster?.id ?? ''
  await changeOperation(services, cluster?.activeOperation?.id ?? '', (operation) => ({
    ...operation,
    state: 'succeeded',
    startedOn: 1,
    endedOn: 2,
  }))
  await removeCluster(services, id)
  await freeName(services, 'default', name, id)
  services.advance(MINUTE)
  expect((await create(name)).envelope.payload).toMatchObject({ id })
  await expect(getCluster(services, id)).rejects.toThrow('There is no cluster')
})

test('an attempt that was given up for dead and was only slow harms nothing', async () => {
  const name = newName()
  const { tables, reached, release } = heldAtInsert('clusters')
  const first = create(name, tables)
  await reached
  services.advance(MINUTE)
  const second = await create(name)
  release()
  expect(second.status).toBe(202)
  expect((await first).envelope.payload).toEqual(second.envelope.payload)
  expect((await create(name)).envelope.payload).toEqual(second.envelope.payload)
  expect(await clusterNamed(name)).toHaveLength(1)
  expect((await create(name.toUpperCase())).status).toBe(409)
})

/** Tables of which one holds back every new row until it is released. */
function heldAtInsert(held: string) {
  const arrival = Promise.withResolvers<void>()
  const departure = Promise.withResolvers<void>()
  const tables: Tables = {
    table(name, schema) {
      const table = services.tables.table(name, schema)
      if (name !== held) return table
      return {
        ...table,
        async insert(...row) {
          arrival.resolve()
          await departure.promise
          return table.insert(...row)
        },
      }
    },
  }
  return { tables, reached: arrival.promise, release: departure.resolve }
}
