import { watchLoad } from '../../autoscale/steps.ts'
import type { Cluster } from '../../clusters/cluster.ts'
import type { Node } from '../../clusters/node.ts'
import { planChecks, planFoundations, planImageCheck } from '../../clusters/plan-creation.ts'
import { planInterface, planNode } from '../../clusters/plan-node.ts'
import type { PlanStep } from '../../clusters/plan-step.ts'
import { clusterResources, nodeResources } from '../../clusters/resources.ts'
import { forgetAgent, waitForAgent } from '../../clusters/steps/agent.ts'
import { checkContainerKept, checkSnapshot } from '../../clusters/steps/checks.ts'
import { createMachine } from '../../clusters/steps/machines.ts'
import { readAddresses } from '../../clusters/steps/progress.ts'
import { type Plan, parallel, sequence } from '../../operations/plan.ts'
import type { VersionImage } from '../../versions/entry.ts'
import type { Backup, SavedDisk } from '../backup.ts'
import { savedDataDisk } from './saved-disks.ts'
import { checkContainerFree } from './steps/check-container-free.ts'
import { deleteNewerBackup } from './steps/delete-newer-backup.ts'
import { restoreData } from './steps/restore-data.ts'
import { restoreDisk } from './steps/restore-disk.ts'

/**
 * From a backup to a cluster of its own whose agent says that all data is there. Machines are made anew from the version's image, because Azure
 * gives no identity of its own to a machine whose system it did not set up; what they keep is on their data disks, which are copied.
 */
export function planRestore(step: PlanStep, cluster: Cluster, backup: Backup, newer: readonly Backup[], image?: VersionImage): Plan {
  const { container } = clusterResources(cluster)
  const disks = cluster.nodes.flatMap((node) => savedDataDisk(backup, cluster, node) ?? [])
  return sequence(
    `restore cluster ${cluster.request.name} from backup ${backup.name}`,
    planChecks(
      step,
      cluster,
      step(checkContainerKept, 'cluster', { id: container }),
      step(checkContainerFree, 'cluster', null),
      ...planImageCheck(step, image),
      ...disks.map((saved) => step(checkSnapshot, saved.node, { id: saved.id })),
    ),
    planFoundations(step, cluster, step(forgetAgent, 'head', null)),
    parallel('nodes', ...cluster.nodes.map((node) => planRestoredNode(step, cluster, node, savedDataDisk(backup, cluster, node)))),
    step(readAddresses, 'nodes', { state: 'rondb-initializing' }),
    step(waitForAgent, 'head', null),
    step(restoreData, 'head', { backupId: backup.id }),
    ...(newer.length > 0 ? [parallel('newer backups', ...newer.map((other) => planFarewell(step, other)))] : []),
    ...(cluster.autoscale ? [step(watchLoad, 'cluster', null)] : []),
  )
}

function planRestoredNode(step: PlanStep, cluster: Cluster, node: Node, saved: SavedDisk | undefined): Plan {
  const { virtualMachine, osDisk, dataDisk } = nodeResources(cluster, node)
  if (!dataDisk || !saved) return planNode(step, cluster, node)
  const { location } = cluster.request
  return sequence(
    `node ${node.name}`,
    parallel(
      `parts of ${node.name}`,
      planInterface(step, cluster, node),
      step(restoreDisk, node.name, { id: dataDisk, model: { location, snapshot: saved.id, sku: saved.sku } }),
    ),
    step(createMachine, node.name, { id: virtualMachine, node: node.name, disks: [osDisk], dataDisk }),
  )
}

const planFarewell = (step: PlanStep, { id, name, snapshots }: Backup): Plan =>
  step(deleteNewerBackup, id, { backupId: id, name, snapshots: snapshots.map((saved) => saved.id) })
