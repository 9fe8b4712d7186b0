import type { Services } from '../services.ts'
import type { Cluster } from './cluster.ts'
import { CLUSTER_PARTITION, clusterTable } from './cluster-store.ts'

export interface ClusterPage {
  readonly clusters: readonly Cluster[]
  /** Absent on the last page. */
  readonly continuation?: string
}

export interface PageRequest {
  readonly limit?: number
  readonly continuation?: string
}

type World = Pick<Services, 'tables'>

/** One page, in the order of creation. */
export async function listClusters(world: World, options: PageRequest): Promise<ClusterPage> {
  const { items, continuation } = await clusterTable(world).list(CLUSTER_PARTITION, options)
  return { clusters: items.map(({ value }) => value), ...(continuation !== undefined && { continuation }) }
}

/** The wire knows no pages: a caller that asks for none gets every cluster. */
export async function listAllClusters(world: World, { continuation }: PageRequest): Promise<ClusterPage> {
  const clusters: Cluster[] = []
  let next = continuation
  do {
    const page = await listClusters(world, next === undefined ? {} : { continuation: next })
    clusters.push(...page.clusters)
    next = page.continuation
  } while (next !== undefined)
  return { clusters }
}
