import type { Cluster } from '../../clusters/cluster.ts'
import type { Node } from '../../clusters/node.ts'
import type { Backup, SavedDisk } from '../backup.ts'

/** The snapshot of what the data disk of a node of the restored cluster is to hold. The cluster's name may be another, the rest of a node's name is not. */
export function savedDataDisk({ clusterName, snapshots }: Backup, { request }: Cluster, { name }: Node): SavedDisk | undefined {
  const former = clusterName + name.slice(request.name.length)
  return snapshots.find(({ node, disk }) => disk === 'data' && node === former)
}
