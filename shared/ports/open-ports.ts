import { isGranted, ownGranted } from '../azure/granted.ts'
import { permissionRemedy } from '../azure/permission-denied.ts'
import { type Cluster, type Ports, standingOf } from '../clusters/cluster.ts'
import { getCluster, updateCluster } from '../clusters/cluster-store.ts'
import { stepPlanner } from '../clusters/plan-step.ts'
import { clusterResources } from '../clusters/resources.ts'
import { enter } from '../clusters/transitions.ts'
import { loadDurations } from '../operations/durations.ts'
import type { Orchestrations } from '../operations/orchestrations.ts'
import { type Plan, sequence } from '../operations/plan.ts'
import { startOperation } from '../operations/start-operation.ts'
import { ProblemError } from '../problem.ts'
import type { Services } from '../services.ts'
import { OPEN_PORTS } from './operation-kind.ts'
import { openGivenPorts, openOwnPorts } from './steps.ts'

/** What a change of ports would do; ProblemError where it cannot be done now, or where the right to do it is missing. */
export async function draftPorts(services: Services, clusterId: string, ports: Ports): Promise<Plan> {
  const [cluster, typical] = await Promise.all([getCluster(services, clusterId), loadDurations(services)])
  return drafted(services, cluster, ports, typical)
}

/** Shows the ports at once and begins; a change that is under way gives way to it. Answers the id of the operation. */
export async function openPorts(
  services: Services,
  orchestrations: Orchestrations,
  clusterId: string,
  ports: Ports,
  requestedBy: string,
): Promise<string> {
  const [cluster, typical] = await Promise.all([getCluster(services, clusterId), loadDurations(services)])
  const plan = await drafted(services, cluster, ports, typical)
  const before = cluster.portsChange?.operationId
  const subject = { type: 'cluster', id: clusterId } as const
  const request = { subject, kind: OPEN_PORTS, title: plan.title, plan, requestedBy, ...(before !== undefined && { supersedes: before }) }
  const operation = await startOperation(services, orchestrations, request, async ({ id }) => {
    const claimed = await updateCluster(services, clusterId, (current) => {
      enter('open-ports', standingOf(current))
      if (current.portsChange && current.portsChange.operationId !== before) throw overtaken
      return { ...current, ...(!current.network.ownsSecurityGroup && { ruled: true }), portsChange: { operationId: id, ports } }
    })
    if (!claimed) await getCluster(services, clusterId)
  })
  return operation.id
}

async function drafted(
  services: Services,
  cluster: Cluster,
  ports: Ports,
  typical: Awaited<ReturnType<typeof loadDurations>>,
): Promise<Plan> {
  enter('open-ports', standingOf(cluster))
  const kind = cluster.network.ownsSecurityGroup ? openOwnPorts : openGivenPorts
  const id = clusterResources(cluster).securityGroup
  await assertGranted(services, cluster, id, kind.permissions)
  return sequence(`open ports of cluster ${cluster.request.name}`, stepPlanner(typical)(kind, 'cluster', { id, ports }))
}

/** Nobody waits for a change of ports, so what is missing is said before it is accepted. */
async function assertGranted(services: Services, cluster: Cluster, scope: string, actions: readonly string[]): Promise<void> {
  const clients = await services.azure.forAccount(cluster.accountId)
  // Who may not read roles finds out by trying.
  const granted = await ownGranted(clients, scope).catch(() => undefined)
  const action = granted && actions.find((wanted) => !isGranted(granted, wanted, false))
  if (action === undefined) return
  throw new ProblemError({
    code: 'permission',
    message: `The app's role does not allow ${action} on the network security group ${cluster.network.securityGroup}.`,
    remedy: permissionRemedy({ action, scope }),
    action,
    scope,
    retryable: false,
  })
}

const overtaken = new ProblemError({ code: 'conflict', message: 'Somebody else has just changed the ports. Try again.', retryable: true })
