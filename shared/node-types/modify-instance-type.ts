import { type Cluster, standingOf } from '../clusters/cluster.ts'
import { getCluster, updateCluster } from '../clusters/cluster-store.ts'
import { planResize } from '../clusters/plan-start.ts'
import { stepPlanner } from '../clusters/plan-step.ts'
import { enter } from '../clusters/transitions.ts'
import { loadDurations } from '../operations/durations.ts'
import { type Plan, parallel } from '../operations/plan.ts'
import { type Price, priceOf } from '../prices/price-of.ts'
import type { Services } from '../services.ts'
import { sizesIn } from './machine-size-store.ts'
import { checkResize, nodesOfType, resized } from './resize.ts'
import type { NodeInfo } from './wire.ts'

/** Which machines the next start would change, and what the cluster would cost then; ProblemError where they may not change to that size. */
export async function draftResize(
  services: Services,
  clusterId: string,
  { nodeType, instanceType }: NodeInfo,
): Promise<{ readonly plan: Plan; readonly price: Price }> {
  const [cluster, typical] = await Promise.all([checked(services, clusterId, { nodeType, instanceType }), loadDurations(services)])
  const next = resized(cluster, nodeType, instanceType)
  const step = stepPlanner(typical)
  const plan = parallel(
    `at the next start of cluster ${cluster.request.name}`,
    ...nodesOfType(next, nodeType).map((node) => planResize(step, next, node)),
  )
  return { plan, price: priceOf(next) }
}

/** Takes effect at the next start; the cluster shows it at once. Nothing is asked to wait: Terraform sends one call after the other. */
export async function modifyInstanceType(services: Services, clusterId: string, info: NodeInfo): Promise<void> {
  await checked(services, clusterId, info)
  const changed = await updateCluster(services, clusterId, (cluster) => {
    enter('modify-instance-type', standingOf(cluster))
    return withOldPlan(resized(cluster, info.nodeType, info.instanceType))
  })
  if (!changed) await getCluster(services, clusterId)
}

/** A start that has failed would give the machines the sizes that were chosen before. */
const withOldPlan = ({ failed, ...cluster }: Cluster): Cluster => ({ ...cluster, ...(failed && { failed: { ...failed, outdated: true } }) })

async function checked(services: Services, clusterId: string, { nodeType, instanceType }: NodeInfo): Promise<Cluster> {
  const cluster = await getCluster(services, clusterId)
  enter('modify-instance-type', standingOf(cluster))
  checkResize(cluster, nodeType, instanceType, await sizesIn(services, cluster.accountId, cluster.request.location))
  return cluster
}
