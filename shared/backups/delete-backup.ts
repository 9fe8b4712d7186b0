import { stepPlanner } from '../clusters/plan-step.ts'
import { loadDurations } from '../operations/durations.ts'
import type { Operation } from '../operations/operation.ts'
import type { Orchestrations } from '../operations/orchestrations.ts'
import type { Plan } from '../operations/plan.ts'
import { startOperation } from '../operations/start-operation.ts'
import { ProblemError } from '../problem.ts'
import type { Services } from '../services.ts'
import { StaleRowError } from '../storage/table.ts'
import { BACKUP_PARTITION, type Backup, backupTable, getBackup, isTaken } from './backup.ts'
import { DELETE_BACKUP } from './operation-kinds.ts'
import { planBackupDeletion } from './plan-backup.ts'
import { isHeld } from './restore/hold.ts'

/** What a deletion would do; ProblemError where it would be refused. */
export async function draftBackupDeletion(services: Services, id: string): Promise<Plan> {
  const backup = await getBackup(services, id)
  await checkDeletable(services, backup)
  return planBackupDeletion(stepPlanner(await loadDurations(services)), backup)
}

/** Shows the backup as `deleting` at once, and begins. Answers the id of the operation; for a second deletion that of the first. */
export async function deleteBackup(services: Services, orchestrations: Orchestrations, id: string, requestedBy: string): Promise<string> {
  const backup = await getBackup(services, id)
  if (backup.state === 'deleting') return backup.operationId
  await checkDeletable(services, backup)
  const plan = planBackupDeletion(stepPlanner(await loadDurations(services)), backup)
  const request = { subject: { type: 'backup', id } as const, kind: DELETE_BACKUP, title: plan.title, plan, requestedBy }
  return (await startOperation(services, orchestrations, request, (operation) => claim(services, operation))).id
}

/** A restore that takes hold of the backup writes its row, too: one of the two comes too late. */
async function claim(services: Services, operation: Operation): Promise<void> {
  const table = backupTable(services)
  const stored = await table.get(BACKUP_PARTITION, operation.subject.id)
  if (!stored || stored.value.state === 'deleting') throw overtaken
  await checkDeletable(services, stored.value)
  try {
    await table.replace(stored, { ...stored.value, state: 'deleting', stateMessage: 'deleting', operationId: operation.id })
  } catch (error) {
    throw error instanceof StaleRowError ? overtaken : error
  }
}

async function checkDeletable(services: Services, backup: Backup): Promise<void> {
  if (isTaken(backup))
    throw refused('backup is being taken', `Wait until it is there, or cancel it: POST /api/operations/${backup.operationId}/cancel`)
  if (await isHeld(services, backup)) throw refused('backup is being restored', 'Wait until its restore has ended, or cancel it.')
}

const refused = (message: string, remedy: string) => new ProblemError({ code: 'conflict', message, remedy, retryable: true })

const overtaken = new ProblemError({
  code: 'conflict',
  message: 'Something else has just been done with the backup. Try again.',
  retryable: true,
})
