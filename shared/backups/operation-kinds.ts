import { agentStatusOf, type Command } from '../agents/agent-status.ts'
import { dropCommands, giveCommands } from '../agents/commands.ts'
import { readable } from '../azure/classify.ts'
import { findCluster, updateCluster } from '../clusters/cluster-store.ts'
import { stepPlanner } from '../clusters/plan-step.ts'
import { BACK_UP } from '../clusters/verdict.ts'
import { loadDurations } from '../operations/durations.ts'
import type { Operation } from '../operations/operation.ts'
import type { OperationKind } from '../operations/operation-kind.ts'
import type { Outcome } from '../operations/outcome.ts'
import { enterOperation } from '../operations/start-operation.ts'
import { ProblemError } from '../problem.ts'
import type { Services } from '../services.ts'
import { type Backup, findBackup, isTaken, updateBackup } from './backup.ts'
import { planBackupClearance } from './plan-backup.ts'
import { givenUp } from './steps/agent.ts'

export const DELETE_BACKUP = 'delete-backup'
const CLEAR_BACKUP = 'clear-backup'

const isOf =
  ({ id }: Operation) =>
  (backup: Backup | undefined): boolean =>
    backup?.operationId === id

const claimedBackup = async (services: Services, operation: Operation): Promise<boolean> =>
  isOf(operation)(await findBackup(services, operation.subject.id))

/** Its subject is the backup; meanwhile it is the cluster's active operation, too. The cluster goes on as it was, however the backup ends. */
const backUp: OperationKind = {
  kind: BACK_UP,
  cancel: 'undo',
  async claimed(services, operation) {
    const backup = await findBackup(services, operation.subject.id)
    return backup !== undefined && (await findCluster(services, backup.clusterId))?.activeOperation?.id === operation.id
  },
  async reclaim() {
    throw new ProblemError({
      code: 'conflict',
      message: 'A backup that has failed is not taken up again.',
      remedy: 'Take another one: POST /api/backups',
      retryable: false,
    })
  },
  async ended(services, operation, outcome) {
    const [state, stateMessage] =
      outcome.state === 'done' ? (['succeed', ''] as const) : (['failed', reasonOf(operation, outcome)] as const)
    const backup = await updateBackup(services, operation.subject.id, (current) =>
      isOf(operation)(current) && isTaken(current) ? { ...current, state, stateMessage } : undefined,
    )
    if (!backup) return
    await forgetCommands(services, backup.clusterId, operation.id)
    // Last: whoever sees the cluster out of its backup looks for the backup's end (contract §2.6).
    await updateCluster(services, backup.clusterId, ({ activeOperation, ...cluster }) =>
      activeOperation?.id === operation.id ? cluster : undefined,
    )
  },
  /** What a failed backup has made goes by itself; nobody could use it. */
  async follow(services, operation, outcome) {
    const backup = outcome.state === 'done' ? undefined : await findBackup(services, operation.subject.id)
    if (!backup || !isOf(operation)(backup)) return undefined
    const { clusterId, id } = backup
    const prepared = (await commandsOf(services, clusterId, operation.id)).some(({ type }) => type === 'BACKUP')
    const plan = planBackupClearance(stepPlanner(await loadDurations(services)), backup, prepared)
    const { subject, requestedBy } = operation
    return enterOperation(services, { subject, kind: CLEAR_BACKUP, title: plan.title, plan, requestedBy }, async (clearance) => {
      // Before the cluster is free for its next backup, which the agent would otherwise be told to end.
      if (prepared) await giveCommands(services, clusterId, [givenUp(clearance.id, id)])
    })
  },
}

/** An agent's list of commands is sent with every answer: what has had its say is taken off it. */
async function forgetCommands(services: Services, clusterId: string, operationId: string): Promise<void> {
  await dropCommands(services, clusterId, new Set((await commandsOf(services, clusterId, operationId)).map(({ id }) => id)))
}

async function commandsOf(services: Services, clusterId: string, operationId: string): Promise<readonly Command[]> {
  const commands = (await agentStatusOf(services, clusterId))?.commands ?? []
  return commands.filter(({ id }) => id.startsWith(`${operationId}:`))
}

function reasonOf({ cancel }: Operation, outcome: Exclude<Outcome, { state: 'done' }>): string {
  if (outcome.state === 'cancelled') return readable(cancel ? `The backup was cancelled by ${cancel.by}.` : 'The backup was cancelled.')
  const { message, remedy } = outcome.problem
  return readable(remedy ? `${message} ${remedy}` : message)
}

const remove: OperationKind = {
  kind: DELETE_BACKUP,
  claimed: claimedBackup,
  async reclaim(services, operation) {
    const claimed = await updateBackup(services, operation.subject.id, (backup) => {
      if (!isOf(operation)(backup)) throw overtaken
      return { ...backup, state: 'deleting', stateMessage: 'deleting' }
    })
    if (!claimed) throw overtaken
  },
  async ended(services, operation, outcome) {
    if (outcome.state === 'done') return
    const stateMessage = reasonOf(operation, outcome)
    await updateBackup(services, operation.subject.id, (backup) =>
      isOf(operation)(backup) ? { ...backup, state: 'failed', stateMessage } : undefined,
    )
  },
}

/** Works beside whatever else is done with the failed backup. */
const clear: OperationKind = {
  kind: CLEAR_BACKUP,
  claimed: async (services, { subject }) => (await findBackup(services, subject.id)) !== undefined,
  reclaim: async () => {},
  async ended(services, { subject }, outcome) {
    if (outcome.state === 'done') await updateBackup(services, subject.id, (backup) => ({ ...backup, snapshots: [] }))
  },
}

const overtaken = new ProblemError({
  code: 'conflict',
  message: 'Something else has been done with the backup since, so this operation cannot go on.',
  retryable: false,
})

export const backupOperations: readonly OperationKind[] = [backUp, remove, clear]
