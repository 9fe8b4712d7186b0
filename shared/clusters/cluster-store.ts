import { ProblemError } from '../problem.ts'
import type { Services } from '../services.ts'
import type { Stored, Table } from '../storage/table.ts'
import { update } from '../storage/update.ts'
import { type Cluster, clusterSchema } from './cluster.ts'
import { clusterIdPattern } from './cluster-id.ts'

export const CLUSTER_PARTITION = 'cluster'

type World = Pick<Services, 'tables'>

export const clusterTable = ({ tables }: World): Table<Cluster> => tables.table('clusters', clusterSchema)

/** What cannot be one of our ids may hold characters that a row key must not. */
const canBe = (id: string): boolean => clusterIdPattern.test(id)

/** Undefined: there is no such cluster (any more). */
export async function findCluster(world: World, id: string): Promise<Cluster | undefined> {
  if (!canBe(id)) return undefined
  return (await clusterTable(world).get(CLUSTER_PARTITION, id))?.value
}

/** ProblemError `not-found` where there is no such cluster. */
export async function getCluster(world: World, id: string): Promise<Cluster> {
  const cluster = await findCluster(world, id)
  if (!cluster) throw new ProblemError({ code: 'not-found', message: `There is no cluster ${id.slice(0, 64)}.`, retryable: false })
  return cluster
}

export const insertCluster = (world: World, cluster: Cluster): Promise<Stored<Cluster>> =>
  clusterTable(world).insert(CLUSTER_PARTITION, cluster.id, cluster)

/** `change` may run several times and throw; undefined leaves the row. Answers undefined where there is no such cluster. */
export async function updateCluster(
  world: World,
  id: string,
  change: (cluster: Cluster) => Cluster | undefined,
): Promise<Cluster | undefined> {
  return canBe(id) ? (await update(clusterTable(world), CLUSTER_PARTITION, id, change))?.value : undefined
}

export const removeCluster = (world: World, id: string): Promise<void> => clusterTable(world).remove(CLUSTER_PARTITION, id)
