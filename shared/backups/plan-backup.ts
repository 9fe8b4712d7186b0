import type { Cluster } from '../clusters/cluster.ts'
import type { PlanStep } from '../clusters/plan-step.ts'
import { type Plan, parallel, sequence } from '../operations/plan.ts'
import type { Backup } from './backup.ts'
import { disksToSave } from './backup-resources.ts'
import { dropFromCluster, finishBackup, giveUpBackup, prepareBackup } from './steps/agent.ts'
import { enterBackupState, forgetBackup } from './steps/progress.ts'
import { removeSnapshots, saveDisk } from './steps/snapshots.ts'

/** The cluster runs on meanwhile. */
export function planBackup(step: PlanStep, cluster: Cluster, { id, name }: Pick<Backup, 'id' | 'name'>): Plan {
  return sequence(
    `back up cluster ${cluster.request.name} as ${name}`,
    step(enterBackupState, 'initializing', { state: 'initializing' }),
    step(prepareBackup, 'head', null),
    step(enterBackupState, 'processing', { state: 'processing' }),
    parallel('snapshots', ...disksToSave(cluster, id).map((disk) => step(saveDisk, `${disk.node}-${disk.disk}`, disk))),
    step(finishBackup, 'head', null),
  )
}

export const planBackupDeletion = (step: PlanStep, backup: Backup): Plan =>
  sequence(`delete backup ${backup.name}`, ...clearing(step, backup), step(forgetBackup, 'backup', null))

/** Takes back what a backup that failed has made; the backup stays to be seen. `prepared`: the agent may have begun with it. */
export const planBackupClearance = (step: PlanStep, backup: Backup, prepared: boolean): Plan =>
  sequence(
    `clear away what the failed backup ${backup.name} has left`,
    ...(prepared ? [step(giveUpBackup, 'head', null)] : []),
    ...clearing(step, backup),
  )

const clearing = (step: PlanStep, { snapshots }: Backup): readonly Plan[] => [
  step(dropFromCluster, 'head', null),
  step(removeSnapshots, 'backup', { ids: snapshots.map(({ id }) => id) }),
]
