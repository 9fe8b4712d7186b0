import { type AgentStatus, agentStatusOf, loadIn } from '../agents/agent-status.ts'
import type { MachineSize } from '../azure/machine-sizes.ts'
import { type Cluster, standingOf } from '../clusters/cluster.ts'
import { findCluster, updateCluster } from '../clusters/cluster-store.ts'
import { mutateCluster } from '../clusters/mutate-cluster.ts'
import { isWorker } from '../clusters/node.ts'
import { AUTOSCALE, judge } from '../clusters/transitions.ts'
import { sizesIn } from '../node-types/machine-size-store.ts'
import type { Orchestrations } from '../operations/orchestrations.ts'
import type { Services } from '../services.ts'
import { decide, type Resources, type Situation } from './decide.ts'
import { managedWorkers } from './managed-workers.ts'
import { scaleWorkers } from './scale-workers.ts'
import { WATCHED, type Watched, watchList } from './watch-list.ts'

/** An agent that has not been heard for so long tells nothing of the load, seconds of real Azure. */
const SILENT = 300

/** How long nothing is tried after Azure had no room for workers, seconds of real Azure. */
const PAUSE = 600

/** Looks at the load of one cluster and has workers added or removed where that is due. Undefined: there is nothing to watch any more. */
export async function autoscaleCluster(
  services: Services,
  orchestrations: Orchestrations,
  clusterId: string,
  watched: Watched,
): Promise<'kept' | 'scaled' | undefined> {
  const cluster = await findCluster(services, clusterId)
  if (!cluster?.autoscale) return undefined
  if (!mayScale(services, cluster, watched)) return 'kept'
  const situation = await situationOf(services, cluster, watched)
  if (!situation) return 'kept'
  const decision = decide(situation)
  await showLoadUnknown(services, cluster, situation.load === undefined)
  const now = services.clock.now()
  const managed = managedWorkers(cluster)
  const isDue = decision.workers !== managed.length || managed.some(({ privateIp }) => privateIp === undefined)
  const { surplus } = decision
  const scaledAt = isDue ? now : watched.scaledAt
  const next: Watched = { ...(surplus && { surplus }), ...(scaledAt !== undefined && { scaledAt }) }
  if (JSON.stringify(next) !== JSON.stringify(watched)) await watchList(services).upsert(WATCHED, clusterId, next)
  if (!isDue) return 'kept'
  await mutateCluster(services, orchestrations, scaleWorkers(decision.workers), clusterId, 'autoscaling')
  return 'scaled'
}

/** What somebody else has left undone is not ours to go on with; of what we have left undone we make another try in a while. */
function mayScale({ clock, settings }: Services, cluster: Cluster, { scaledAt = 0 }: Watched): boolean {
  if (!judge(AUTOSCALE, standingOf(cluster)).allowed) return false
  if (cluster.state === 'running') return true
  return cluster.failed?.kind === AUTOSCALE && clock.now() - scaledAt >= (1000 * PAUSE) / settings.clockSpeed
}

/** For those who wonder why the workers do not follow the load. */
async function showLoadUnknown(services: Services, { id, loadUnknown }: Cluster, isUnknown: boolean): Promise<void> {
  if ((loadUnknown ?? false) === isUnknown) return
  await updateCluster(services, id, ({ loadUnknown: _, ...cluster }) => (isUnknown ? { ...cluster, loadUnknown: true } : cluster))
}

async function situationOf(services: Services, cluster: Cluster, { surplus }: Watched): Promise<Situation | undefined> {
  const { autoscale, accountId, request } = cluster
  const { clock, settings } = services
  const [status, sizes] = await Promise.all([agentStatusOf(services, cluster.id), sizesIn(services, accountId, request.location)])
  const worker = resourcesOf(sizes, autoscale?.instanceType ?? '')
  if (!autoscale || !worker) return undefined
  const isHeard = status?.agent?.state === 'ready' && clock.now() - status.lastSeen < (1000 * SILENT) / settings.clockSpeed
  const managed = managedWorkers(cluster)
  const others = cluster.nodes.filter((node) => isWorker(node) && node.privateIp !== undefined && !managed.includes(node))
  return {
    limits: { ...autoscale, downscaleWaitTime: autoscale.downscaleWaitTime / settings.clockSpeed },
    worker,
    beside: sum(others.flatMap(({ instanceType }) => resourcesOf(sizes, instanceType) ?? [])),
    load: isHeard ? loadOf(status) : undefined,
    workers: managed.length,
    surplus,
    now: clock.now(),
  }
}

function loadOf(status: AgentStatus): Situation['load'] {
  const load = loadIn(status)
  return (
    load && {
      allocated: { vcores: load.allocatedVcores, memoryMB: load.allocatedMemoryMB },
      pending: { vcores: load.pendingVcores, memoryMB: load.pendingMemoryMB },
    }
  )
}

function resourcesOf(sizes: readonly MachineSize[], name: string): Resources | undefined {
  const size = sizes.find((known) => known.name.toLowerCase() === name.toLowerCase())
  return size && { vcores: size.vCpus, memoryMB: size.memory * 1024 }
}

const sum = (all: readonly Resources[]): Resources =>
  all.reduce((total, { vcores, memoryMB }) => ({ vcores: total.vcores + vcores, memoryMB: total.memoryMB + memoryMB }), {
    vcores: 0,
    memoryMB: 0,
  })
