import { type Cluster, standingOf } from '../clusters/cluster.ts'
import { getCluster, updateCluster } from '../clusters/cluster-store.ts'
import { checkSpot } from '../clusters/spot-price.ts'
import { enter } from '../clusters/transitions.ts'
import { sizesIn } from '../node-types/machine-size-store.ts'
import type { Orchestrations } from '../operations/orchestrations.ts'
import { errorText } from '../operations/step-error.ts'
import { invalid } from '../problem.ts'
import type { Services } from '../services.ts'
import { autoscaleCluster } from './autoscale-cluster.ts'
import type { Autoscale } from './configuration.ts'
import { asOthers } from './managed-workers.ts'
import { watch } from './watch-list.ts'

/** ProblemError where the cluster cannot scale like that. */
export async function checkAutoscale(services: Services, clusterId: string, autoscale: Autoscale): Promise<string> {
  const cluster = await getCluster(services, clusterId)
  const { accountId, request } = cluster
  enter('configure-autoscale', standingOf(cluster))
  const { instanceType } = autoscale
  checkSpot('autoscale.nonGpu', autoscale, request.location)
  const sizes = await sizesIn(services, accountId, request.location)
  if (!sizes.some(({ name, restricted }) => !restricted && name.toLowerCase() === instanceType.toLowerCase()))
    invalid('autoscale.nonGpu.instanceType', `${instanceType} is not available in ${request.location}`)
  return request.name
}

/** Existing workers of the same size scale from now on; what the limits ask for is begun at once, so that whoever waits for the cluster waits for them. */
export async function configureAutoscale(
  services: Services,
  orchestrations: Orchestrations,
  clusterId: string,
  autoscale: Autoscale,
): Promise<void> {
  await checkAutoscale(services, clusterId, autoscale)
  const changed = await updateCluster(services, clusterId, (cluster) => {
    enter('configure-autoscale', standingOf(cluster))
    return { ...cluster, autoscale, nodes: asOthers(cluster) }
  })
  if (!changed) await getCluster(services, clusterId)
  await watch(services, clusterId)
  await autoscaleCluster(services, orchestrations, clusterId, {}).catch((error: unknown) =>
    services.log('autoscale-failed', { cluster: clusterId, error: errorText(error) }),
  )
}

/** The workers that there are stay. */
export async function disableAutoscale(services: Services, clusterId: string): Promise<void> {
  if (!(await updateCluster(services, clusterId, disabled))) await getCluster(services, clusterId)
}

const disabled = ({ autoscale: _, loadUnknown: __, ...cluster }: Cluster): Cluster => ({ ...cluster, nodes: asOthers(cluster) })
