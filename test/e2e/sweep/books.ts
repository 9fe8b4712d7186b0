import { z } from 'zod'
import { removalOrder } from '../../../shared/clusters/resources.ts'
import { operationStore } from '../../../shared/operations/store.ts'
import { connectStorage } from '../../../shared/storage/connection.ts'
import { createTables } from '../../../shared/storage/tables.ts'

/** What the simulated Azure says about itself at /_slipway/state, as far as the sweeps look. */
const skySchema = z.object({
  resources: z.array(z.object({ id: z.string(), type: z.string(), name: z.string() })),
  operations: z.array(z.object({ rbacAction: z.string(), resourceId: z.string(), status: z.string(), startedAt: z.number() })),
})

/** Where both sides of the books are read, past the API. */
export interface Sources {
  /** Answers `/_slipway/state`. */
  readonly state: () => Promise<unknown>
  /** Connection string. */
  readonly storage: string
}

/** What SLIPWAY_TABLE_PREFIX is when nobody sets it. */
const PREFIX = 'slipway'

export interface Books {
  /** ARM ids in lower case of what the ledger holds for a cluster, each with its state unless that is `created`. */
  ledger(clusterId: string): Promise<string[]>
  /** ARM ids in lower case of what there is in the simulated Azure of the kinds that go into the ledger, without what was there at first. */
  made(clusterName: string, clusterId: string): Promise<string[]>
  /** ARM ids of a cluster's resources that were begun to be made more than once since `time` (epoch milliseconds). */
  madeTwice(clusterName: string, clusterId: string, time: number): Promise<string[]>
}

const kept = new Set(removalOrder.map(({ type }) => type.toLowerCase()))

/** Opened before anything is made: what is there then is the user's own. */
export async function openBooks({ state, storage }: Sources): Promise<Books> {
  const { resources } = operationStore(createTables(connectStorage({ connectionString: storage }), PREFIX))
  const sky = async () => skySchema.parse(await state())
  const users = new Set((await sky()).resources.map(({ id }) => id.toLowerCase()))
  const isOf = (clusterName: string, clusterId: string) => (id: string) => {
    const name = id.slice(id.lastIndexOf('/') + 1)
    return name.startsWith(`${clusterName}-`) || name.endsWith(clusterId.slice(-12))
  }
  return {
    async ledger(clusterId) {
      const ids: string[] = []
      let continuation: string | undefined
      do {
        const page = await resources.list(clusterId, continuation === undefined ? {} : { continuation })
        for (const { value } of page.items)
          if (value.state !== 'gone') ids.push(value.armId.toLowerCase() + (value.state === 'created' ? '' : ` ${value.state}`))
        continuation = page.continuation
      } while (continuation !== undefined)
      return ids.sort()
    },
    async made(clusterName, clusterId) {
      return (await sky()).resources
        .filter(({ type, id }) => kept.has(type.toLowerCase()) && !users.has(id.toLowerCase()))
        .map(({ id }) => id.toLowerCase())
        .filter(isOf(clusterName, clusterId))
        .sort()
    },
    async madeTwice(clusterName, clusterId, time) {
      const begun = (await sky()).operations
        .filter(({ rbacAction, startedAt }) => startedAt >= time && rbacAction.endsWith('/write'))
        .map(({ resourceId }) => resourceId)
        .filter(isOf(clusterName, clusterId))
      return begun.filter((id, index) => begun.indexOf(id) !== index)
    },
  }
}
