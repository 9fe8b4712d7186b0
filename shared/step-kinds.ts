import { setupSteps } from './accounts/setup/steps.ts'
import { autoscaleSteps } from './autoscale/steps.ts'
import { restoreSteps } from './backups/restore/steps/restore-steps.ts'
import { backupSteps } from './backups/steps/backup-steps.ts'
import { clusterSteps } from './clusters/steps/cluster-steps.ts'
import { type AnyStepKind, byKind } from './operations/kinds.ts'
import { portSteps } from './ports/steps.ts'
import { upgradeSteps } from './upgrades/steps/upgrade-steps.ts'
import { workerSteps } from './workers/steps.ts'

/** Every step kind of the app: add the array that your feature exports. */
export const stepKinds: ReadonlyMap<string, AnyStepKind> = byKind(
  clusterSteps,
  workerSteps,
  portSteps,
  autoscaleSteps,
  upgradeSteps,
  backupSteps,
  restoreSteps,
  setupSteps,
)
