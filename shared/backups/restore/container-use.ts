import { sameArmId } from '../../azure/arm-id.ts'
import type { Cluster } from '../../clusters/cluster.ts'
import { listClusters } from '../../clusters/list-clusters.ts'
import { clusterResources } from '../../clusters/resources.ts'
import type { Problem } from '../../problem.ts'
import type { Services } from '../../services.ts'

/** Another cluster that keeps its data in the same container: a restore would roll that back under it. */
export async function sharingContainer(services: Services, cluster: Cluster): Promise<Cluster | undefined> {
  const { container } = clusterResources(cluster)
  let continuation: string | undefined
  do {
    const page = await listClusters(services, continuation === undefined ? {} : { continuation })
    const other = page.clusters.find((one) => one.id !== cluster.id && sameArmId(clusterResources(one).container, container))
    if (other) return other
    continuation = page.continuation
  } while (continuation !== undefined)
  return undefined
}

export const containerInUse = ({ request: { blobContainerName } }: Cluster, other: Cluster): Problem => ({
  code: 'conflict',
  message: `The cluster ${other.request.name} uses the container ${blobContainerName}, which a restore would roll back.`,
  remedy: 'Terminate that cluster first, then retry.',
  retryable: false,
})
