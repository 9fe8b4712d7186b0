import { randomBytes, randomUUID } from 'node:crypto'
import { newClusterId } from '../shared/clusters/cluster-id.ts'
import { insertCluster } from '../shared/clusters/cluster-store.ts'
import { createRequestSchema } from '../shared/clusters/create-request.ts'
import { newCluster } from '../shared/clusters/new-cluster.ts'
import { connectStorage } from '../shared/storage/connection.ts'
import { createTables } from '../shared/storage/tables.ts'
import type { Bench } from './bench.ts'
import { createRequest } from './clusters.ts'
import type { World } from './world.ts'

/** Writers at the same time: more do not make the emulator faster. */
const WRITERS = 16
const CREATED = Date.UTC(2026, 0, 1)

/** Puts rows of running clusters into the product's own table; behind them there is nothing. */
export async function seedClusters(bench: Bench, world: World, count: number): Promise<void> {
  const tables = createTables(connectStorage({ connectionString: world.ready.storage }), 'slipway')
  let next = 0
  const write = async () => {
    for (let index = next++; index < count; index = next++) {
      const now = CREATED + index * 1000
      const birth = {
        id: newClusterId(now, randomBytes(10)),
        accountId: 'default',
        subscriptionId: randomUUID(),
        now,
        newNodeId: randomUUID,
      }
      const { cluster } = createRequestSchema.parse(createRequest(bench, `seed-${index}`))
      await insertCluster({ tables }, { ...newCluster(cluster, birth), state: 'running', stage: 'running' })
    }
  }
  await Promise.all(Array.from({ length: WRITERS }, write))
}
