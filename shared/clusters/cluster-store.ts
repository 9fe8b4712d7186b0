import { ProblemError } from '../problem.ts'
import type { Services } from '../services.ts'
import type { Stored, Table } from '../storage/table.ts'
import { update } from '../storage/update.ts'
import { type Cluster, clusterSchema } from './cluster.ts'
import { clusterIdPattern } from './cluster-id.ts'

const PARTITION = 'cluster'

type World = Pick<Services, 'tables'>

export const clusterTable = ({ tables }: World): Table<Cluster> => tables.table('clusters', clusterSchema)

/** Undefined: there is no such cluster (any more). */
export async function findCluster(world: World, id: string): Promise<Cluster | undefined> {
  // What cannot be one of our ids may hold characters that a row key must not.
  if (!clusterIdPattern.test(id)) return undefined
  return (await clusterTable(world).get(PARTITION, id))?.value
}

/** ProblemError `not-found` where there is no such cluster. */
export async function getCluster(world: World, id: string): Promise<Cluster> {
  const cluster = await findCluster(world, id)
  if (!cluster) throw new ProblemError({ code: 'not-found', message: `There is no cluster ${id.slice(0, 64)}.`, retryable: false })
  return cluster
}

export const insertCluster = (world: World, cluster: Cluster): Promise<Stored<Cluster>> =>
  clusterTable(world).insert(PARTITION, cluster.id, cluster)

/** `change` may run several times and throw; undefined leaves the row. Answers undefined where there is no such cluster. */
export async function updateCluster(
  world: World,
  id: string,
  change: (cluster: Cluster) => Cluster | undefined,
): Promise<Cluster | undefined> {
  return (await update(clusterTable(world), PARTITION, id, change))?.value
}

export const removeCluster = (world: World, id: string): Promise<void> => clusterTable(world).remove(PARTITION, id)

export interface ClusterPage {
  readonly clusters: readonly Cluster[]
  readonly continuation?: string
}

export async function listClusters(world: World, options: { limit?: number; continuation?: string }): Promise<ClusterPage> {
  const { items, continuation } = await clusterTable(world).list(PARTITION, options)
  return { clusters: items.map(({ value }) => value), ...(continuation !== undefined && { continuation }) }
}
