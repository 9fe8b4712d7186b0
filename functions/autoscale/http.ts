import * as z from 'zod'
import { autoscaleSchema } from '../../shared/autoscale/configuration.ts'
import { checkAutoscale, configureAutoscale, disableAutoscale } from '../../shared/autoscale/configure-autoscale.ts'
import { getCluster } from '../../shared/clusters/cluster-store.ts'
import { defineEndpoint, type Endpoint } from '../../shared/http/endpoint.ts'
import { sequence } from '../../shared/operations/plan.ts'
import { describePlan } from '../../shared/operations/view.ts'
import { invalid } from '../../shared/problem.ts'
import { oneCluster, plannedOnly } from '../clusters/mutation-endpoint.ts'

/** Only a rule is changed: what follows from it is decided as the load comes. */
const plan = (title: string) => ({ plan: describePlan(sequence(title)) })

export const autoscaleEndpoints: readonly Endpoint[] = [
  defineEndpoint({
    name: 'clusters-autoscale-configure',
    method: 'POST',
    route: 'clusters/{clusterId}/autoscale',
    role: 'operator',
    summary: 'Let the workers of a cluster scale with its load, or change how they do',
    params: oneCluster,
    request: z.object({ autoscale: autoscaleSchema }),
    dryRun: plannedOnly,
    async handler({ params: { clusterId }, body, dryRun, services, orchestrations }) {
      const { nonGpu } = body.autoscale
      if (!nonGpu) invalid('autoscale.nonGpu', 'is needed')
      if (dryRun) return plan(`let the workers of cluster ${await checkAutoscale(services, clusterId, nonGpu)} scale`)
      return configureAutoscale(services, orchestrations, clusterId, nonGpu)
    },
  }),
  defineEndpoint({
    name: 'clusters-autoscale-disable',
    method: 'DELETE',
    route: 'clusters/{clusterId}/autoscale',
    role: 'operator',
    summary: 'Keep the workers that there are, whatever the load',
    params: oneCluster,
    dryRun: plannedOnly,
    async handler({ params: { clusterId }, dryRun, services }) {
      if (dryRun) return plan(`keep the workers of cluster ${(await getCluster(services, clusterId)).request.name}`)
      return disableAutoscale(services, clusterId)
    },
  }),
]
