import type { Services } from '../services.ts'
import type { Cluster } from './cluster.ts'
import { getCluster, updateCluster } from './cluster-store.ts'

type World = Pick<Services, 'tables'>

/** From now on a deletion has to be confirmed by the cluster's name. */
export const lockCluster = (world: World, id: string): Promise<void> => change(world, id, (cluster) => ({ ...cluster, locked: true }))

export const unlockCluster = (world: World, id: string): Promise<void> => change(world, id, ({ locked: _, ...cluster }) => cluster)

async function change(world: World, id: string, next: (cluster: Cluster) => Cluster): Promise<void> {
  if (!(await updateCluster(world, id, next))) await getCluster(world, id)
}
