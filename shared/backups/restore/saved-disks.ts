import type { Cluster } from '../../clusters/cluster.ts'
import { isStateful } from '../../clusters/data-disk.ts'
import type { Node } from '../../clusters/node.ts'
import { ProblemError } from '../../problem.ts'
import type { Backup, SavedDisk } from '../backup.ts'

/** The snapshot of what the data disk of a node of the restored cluster is to hold. The cluster's name may be another, the rest of a node's name is not. */
export function savedDataDisk({ clusterName, snapshots }: Backup, { request }: Cluster, { name }: Node): SavedDisk | undefined {
  const former = clusterName + name.slice(request.name.length)
  return snapshots.find(({ node, disk }) => disk === 'data' && node === former)
}

/** An empty disk must not take the place of one with data, nor none: what lay on a system's disk does not come back. */
export function checkComplete(backup: Backup, cluster: Cluster): void {
  const lacking = cluster.nodes.find((node) => (node.diskSize > 0 || isStateful(node)) && !savedDataDisk(backup, cluster, node))
  if (!lacking) return
  const message = `The backup has no snapshot of the data of ${lacking.name}.`
  throw new ProblemError({ code: 'conflict', message, remedy: 'Restore another one.', retryable: false })
}
