import * as z from 'zod'
import type { Autoscale } from '../autoscale/configuration.ts'
import type { AzureCluster } from './create-request.ts'
import type { WorkerConfiguration } from './worker-configuration.ts'

export const nodeRoles = ['head', 'worker', 'rondb-management', 'rondb-data', 'rondb-mysql', 'rondb-api', 'rondb-all-in-one'] as const
export type NodeRole = (typeof nodeRoles)[number]

/** One machine of a cluster. Its Azure names all derive from `name`. */
export const nodeSchema = z.strictObject({
  /** `<cluster>-master`, `<cluster>-worker-<n>` … ; at most 33 characters. */
  name: z.string(),
  role: z.enum(nodeRoles),
  /** Tells two machines of the same name, one after the other, apart. */
  id: z.string(),
  instanceType: z.string(),
  /** The size that a stopped machine had when it last ran: the next start sees to it that it has the one above. */
  resizedFrom: z.string().exactOptional(),
  /** Data disk in GB; 0: none. */
  diskSize: z.number(),
  spot: z.strictObject({ maxPrice: z.number(), fallBackOnDemand: z.boolean() }).exactOptional(),
  /** There was no room for a spot machine. */
  onDemand: z.literal(true).exactOptional(),
  /** A worker has it from the moment it is known to be there until the cluster stops. */
  privateIp: z.string().exactOptional(),
  /** Absent: 1. Each upgrade gives a node that keeps a state a next one of its disks, and the head one of its machine (docs/upgrades.md). */
  generation: z.int().min(2).exactOptional(),
  /** A worker that was added by hand beside others that scale: it does not. */
  byHand: z.literal(true).exactOptional(),
  /** A worker that has been chosen to go. */
  leaving: z.literal(true).exactOptional(),
})
export type Node = Readonly<z.output<typeof nodeSchema>>

/** Stateless: removed when the cluster stops, made again when it starts. */
export const isWorker = (node: Node): boolean => node.role === 'worker'

export const isHead = (node: Node): boolean => node.role === 'head'

/** Every machine that a create request means, head first; `newId` gives each its id. */
export function nodesOf(request: AzureCluster, newId: () => string): readonly Node[] {
  const { name, clusterConfiguration, ronDB, autoscale } = request
  const node = (role: NodeRole, suffix: string, machine: { instanceType: string; diskSize: number }): Node => ({
    name: `${name}-${suffix}`,
    role,
    id: newId(),
    instanceType: machine.instanceType,
    diskSize: machine.diskSize,
  })
  const group = (role: NodeRole, suffix: string, machines: { instanceType: string; diskSize: number; count: number }): readonly Node[] =>
    Array.from({ length: machines.count }, (_, index) => node(role, `${suffix}-${index}`, machines))

  const rondb = ronDB.allInOne
    ? [node('rondb-all-in-one', 'rondb-0', ronDB.ndbd)]
    : [
        ...group('rondb-management', 'ndb-mgm', ronDB.mgmd),
        ...group('rondb-data', 'ndb-ndbd', ronDB.ndbd),
        ...group('rondb-mysql', 'mysqld', ronDB.mysqld),
        ...group('rondb-api', 'ndb-api', ronDB.api),
      ]
  const others = [node('head', 'master', clusterConfiguration.head), ...rondb]
  return [...others, ...newWorkers(name, others, autoscale ? [least(autoscale)] : clusterConfiguration.workers, newId)]
}

const least = ({ minWorkers, ...worker }: Autoscale): WorkerConfiguration => ({ ...worker, count: minWorkers })

/** Workers beside the nodes that there are, under the lowest names that are free. */
export function newWorkers(
  cluster: string,
  beside: readonly Node[],
  groups: readonly WorkerConfiguration[],
  newId: () => string,
): readonly Node[] {
  const taken = new Set(beside.map(({ name }) => name))
  const nameOf = (index: number) => `${cluster}-worker-${index}`
  let index = 0
  return groups
    .flatMap((group) => Array.from({ length: group.count }, () => group))
    .map(({ instanceType, diskSize, spotInfo }) => {
      while (taken.has(nameOf(index))) index++
      return { name: nameOf(index++), role: 'worker', id: newId(), instanceType, diskSize, ...(spotInfo && { spot: spotInfo }) }
    })
}
