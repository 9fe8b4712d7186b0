import type { Cluster } from '../clusters/cluster.ts'
import { isWorker } from '../clusters/node.ts'
import { planNode } from '../clusters/plan-node.ts'
import { planResize } from '../clusters/plan-start.ts'
import type { PlanStep } from '../clusters/plan-step.ts'
import { planStop } from '../clusters/plan-stop.ts'
import { clusterResources } from '../clusters/resources.ts'
import { forgetAgent } from '../clusters/steps/agent.ts'
import { createNetworkInterface, removeVirtualMachine } from '../clusters/steps/cluster-steps.ts'
import { startVirtualMachine } from '../clusters/steps/machines.ts'
import { enterClusterState, readAddresses } from '../clusters/steps/progress.ts'
import { clearNode } from '../clusters/steps/removal.ts'
import { type Plan, parallel, sequence } from '../operations/plan.ts'
import { type Preflight, planPreflight } from './plan-preflight.ts'
import { copyDisk, createSnapshot, removeDisk, removeSnapshot, swapDataDisk } from './steps/disks.ts'
import { createNextHead } from './steps/head.ts'
import { passHealthGate } from './steps/health.ts'
import { exposeInterface, moveInterface } from './steps/interfaces.ts'
import { waitForBoot, waitForMigration } from './steps/migration.ts'
import { adoptGeneration, enterPhase } from './steps/progress.ts'
import type { Upgrade } from './upgrade.ts'
import { type Succession, type UpgradeResources, upgradeResources } from './upgrade-resources.ts'

export interface UpgradePlanning extends Omit<Preflight, 'permissions'> {
  readonly upgrade: Upgrade
  /** Names of the new version's health checks. */
  readonly gates: readonly string[]
}

/**
 * From the old version to the new one. Nothing that the old one needs is given up before the new one has proved itself.
 * The cluster is `updating` while its machines stop: a start that resumes the upgrade must not be seen to pass through `stopping` (contract §2.6).
 */
export function planUpgrade(step: PlanStep, cluster: Cluster, { upgrade, gates, ...preflight }: UpgradePlanning): Plan {
  const needed = new Set<string>()
  const noted: PlanStep = (kind, subject, args) => {
    for (const action of kind.permissions) needed.add(action)
    return step(kind, subject, args)
  }
  const resources = upgradeResources(cluster, upgrade)
  const change = [
    planSnapshots(noted, cluster, resources),
    planReplacement(noted, cluster, upgrade, resources, gates),
    ...(upgrade.recreateWorkers ? [planWorkers(noted, cluster)] : []),
    planFarewell(noted, resources),
  ]
  const stop = planStop(noted, cluster)
  return sequence(
    `upgrade cluster ${cluster.request.name} from ${upgrade.from} to ${upgrade.to}`,
    planPreflight(step, cluster, { ...preflight, permissions: [...needed].sort() }),
    stop,
    ...change,
  )
}

function planSnapshots(step: PlanStep, { request: { location } }: Cluster, { head, others }: UpgradeResources): Plan {
  const successions = [head, ...others]
  return sequence(
    'copy the data',
    parallel(
      'snapshots',
      ...successions.flatMap(({ node, former, snapshot }) =>
        snapshot && former.dataDisk
          ? [step(createSnapshot, node.name, { id: snapshot, model: { location, source: former.dataDisk } })]
          : [],
      ),
    ),
    step(enterPhase, 'replacing', { phase: 'replacing', state: 'initializing' }),
    parallel('disks', ...successions.flatMap((one) => planCopy(step, location, one))),
  )
}

function planCopy(step: PlanStep, location: string, { node, former, next, snapshot }: Succession): Plan[] {
  if (!snapshot || !former.dataDisk || !next.dataDisk) return []
  return [step(copyDisk, node.name, { id: next.dataDisk, location, snapshot, like: former.dataDisk })]
}

/** The new head gets the cluster's private address from the start, so that the other nodes find it; the public one only when it is healthy. */
function planReplacement(
  step: PlanStep,
  cluster: Cluster,
  upgrade: Upgrade,
  { head, others, parking }: UpgradeResources,
  gates: readonly string[],
): Plan {
  const { subnet, securityGroup, publicIpAddress } = clusterResources(cluster)
  const { location } = cluster.request
  const { node, former, next } = head
  const newHead = { head: upgrade.headId }
  return sequence(
    'replace the head',
    parallel(
      'machines',
      sequence(
        'head',
        step(createNetworkInterface, 'parking', { id: parking, model: { location, subnetId: subnet, securityGroupId: securityGroup } }),
        step(moveInterface, 'former head', { id: former.virtualMachine, networkInterface: parking }),
        ...(publicIpAddress ? [step(exposeInterface, 'nobody', { id: former.networkInterface })] : []),
        step(forgetAgent, 'head', null),
        step(createNextHead, node.name, { id: next.virtualMachine, osDisk: next.osDisk }),
      ),
      ...others.map((other) => planRestart(step, cluster, other)),
    ),
    step(waitForBoot, 'head', { ...newHead, inward: publicIpAddress !== undefined && !cluster.network.ownsVirtualNetwork }),
    step(waitForMigration, 'head', newHead),
    step(enterClusterState, 'rondb-initializing', { state: 'rondb-initializing' }),
    parallel('health', ...gates.map((name) => step(passHealthGate, name, { name }))),
    ...(publicIpAddress ? [step(exposeInterface, 'new head', { id: next.networkInterface, publicIpAddress })] : []),
    step(adoptGeneration, 'head', null),
  )
}

/** A size that was chosen while the cluster was stopped is taken as by any start. */
function planRestart(step: PlanStep, cluster: Cluster, { node, former, next }: Succession): Plan {
  return sequence(
    `node ${node.name}`,
    ...(next.dataDisk ? [step(swapDataDisk, node.name, { id: former.virtualMachine, disk: next.dataDisk })] : []),
    ...(node.resizedFrom === undefined ? [] : [planResize(step, cluster, node)]),
    step(startVirtualMachine, node.name, { id: former.virtualMachine }),
  )
}

function planWorkers(step: PlanStep, cluster: Cluster): Plan {
  return sequence(
    'workers',
    step(enterClusterState, 'worker-initializing', { state: 'worker-initializing' }),
    parallel(
      'machines',
      ...cluster.nodes.filter((node) => isWorker(node) && !node.leaving).map((worker) => planNode(step, cluster, worker)),
    ),
    step(readAddresses, 'nodes', { state: 'worker-starting' }),
  )
}

/** No way back from here: what is left of the former generation goes. */
function planFarewell(step: PlanStep, { head, others, parking }: UpgradeResources): Plan {
  const { node, former } = head
  const disks = [former.osDisk, ...(former.dataDisk ? [former.dataDisk] : [])]
  return sequence(
    'remove what was before',
    step(enterPhase, 'finishing', { phase: 'finishing', state: 'updating' }),
    step(removeVirtualMachine, 'former head', { id: former.virtualMachine, disks }),
    step(clearNode, 'former head', { node: node.name, ids: [parking, ...disks] }),
    parallel(
      'disks and snapshots',
      ...others.flatMap((other) =>
        other.former.dataDisk ? [step(removeDisk, `former ${other.node.name}`, { id: other.former.dataDisk })] : [],
      ),
      ...[head, ...others].flatMap(({ node: { name }, snapshot }) => (snapshot ? [step(removeSnapshot, name, { id: snapshot })] : [])),
    ),
  )
}
