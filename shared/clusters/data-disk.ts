import type { MachineSize } from '../azure/machine-sizes.ts'
import { heardOf } from '../node-types/machine-size-store.ts'
import { invalid } from '../problem.ts'
import type { Services } from '../services.ts'
import type { Cluster } from './cluster.ts'
import type { NodeRole } from './node.ts'

/** GB that a node with RonDB's data needs on any size. */
export const LEAST_DATA_DISK = 40

/** GB that RonDB needs beside its memory for checkpoints and logs (contract §3.2). */
export const leastDataDisk = ({ memory }: Pick<MachineSize, 'memory'>): number => Math.ceil(LEAST_DATA_DISK + 1.8 * memory)

export const DATA_DISK_FIELD = 'cluster.ronDB.ndbd.diskSize'

const statefulRoles: readonly NodeRole[] = ['head', 'rondb-data', 'rondb-all-in-one']

/** Its data disk holds what no other node has. */
export const isStateful = ({ role }: { readonly role: NodeRole }): boolean => statefulRoles.includes(role)

/** What is wrong with the disks of the data nodes; undefined: nothing, or the size is none of those. */
export function dataDiskTooSmall({ request }: Pick<Cluster, 'request'>, sizes: readonly MachineSize[]): string | undefined {
  const { instanceType, diskSize } = request.ronDB.ndbd
  const size = sizes.find(({ name }) => name.toLowerCase() === instanceType.toLowerCase())
  if (!size || diskSize >= leastDataDisk(size)) return undefined
  return `must be at least ${leastDataDisk(size)} GB on ${size.name}: ${LEAST_DATA_DISK} GB and 1.8 times the memory`
}

/**
 * ProblemError `invalid` where the data nodes of a cluster that is to be made could not keep on their disks what is in their memory. As far as
 * the sizes are known here: nobody waits for Azure before a creation begins. A dry run asks.
 */
export async function checkDataDisk(services: Services, { accountId, request }: Cluster): Promise<void> {
  const tooSmall = dataDiskTooSmall({ request }, await heardOf(services, accountId, request.location))
  if (tooSmall !== undefined) invalid(DATA_DISK_FIELD, tooSmall)
}
