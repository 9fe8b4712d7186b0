import { askAgent, lookAgain } from '../../agents/ask-agent.ts'
import { giveCommands, isOver, type NewCommand } from '../../agents/commands.ts'
import { readable } from '../../azure/classify.ts'
import { findCluster } from '../../clusters/cluster-store.ts'
import { copyPassword } from '../../clusters/first-password.ts'
import type { StepContext } from '../../operations/context.ts'
import { done, failed, type Look, pending } from '../../operations/outcome.ts'
import type { StepKind } from '../../operations/step.ts'
import { getBackup } from '../backup.ts'

/** The agent brings what is in memory and outside the disks to where a backup finds it, and keeps it there until it is told that the backup is over. */
export const prepareBackup: StepKind<null> = {
  kind: 'backup.prepare',
  permissions: [],
  seconds: 600,
  describe: () => ({ title: 'have the agent prepare the backup', touches: [] }),
  begin: (context) => carriedOut(context, 'BACKUP', 'The agent prepares the backup.'),
}

export const finishBackup: StepKind<null> = {
  kind: 'backup.finish',
  permissions: [],
  // Little to do, but an agent that has lost the control plane for a moment takes its time to come back.
  seconds: 300,
  describe: () => ({ title: 'tell the agent that the backup is over', touches: [] }),
  async begin(context) {
    const look = await carriedOut(context, 'BACKUP_DONE', 'The agent ends the backup.')
    const { services, subjectId: backupId } = context
    if (look.state === 'done') await copyPassword(services, (await getBackup(services, backupId)).clusterId, backupId)
    return look
  },
}

async function carriedOut(context: StepContext, type: string, note: string): Promise<Look> {
  const { services, subjectId: backupId } = context
  const { clusterId } = await getBackup(services, backupId)
  const command = await askAgent(context, clusterId, { type, members: { backupId } })
  if (command?.status === 'SUCCEED') return done()
  if (command?.status === 'FAILED') return failed(notCarriedOut(type, command.message))
  return pending({ retryAfter: lookAgain(context), note })
}

const notCarriedOut = (type: string, why: string) =>
  ({
    code: 'unknown',
    message: readable(`The agent could not carry out ${type}: ${why}`),
    remedy: 'Look at the log on the head node (journalctl -u slipway-agent), mend the cause, and take another backup.',
    retryable: false,
  }) as const

/** Minutes of real Azure after which a backup is cleared away without the agent's word. */
const PATIENCE = 10

const isImpatient = ({ services, begunAt }: StepContext): boolean =>
  ((services.clock.now() - begunAt) * services.settings.clockSpeed) / 60_000 > PATIENCE

/** The order of an operation that clears away what a failed backup has left. */
export const givenUp = (operationId: string, backupId: string): NewCommand => ({
  id: `${operationId}:BACKUP_DONE`,
  type: 'BACKUP_DONE',
  members: { backupId },
})

/** A backup that has failed is over for the agent, too: what it holds back meanwhile goes on. Its word is not needed for the rest. */
export const giveUpBackup: StepKind<null> = {
  kind: 'backup.give-up',
  permissions: [],
  seconds: 60,
  describe: () => ({ title: 'tell the agent that the backup has been given up', touches: [] }),
  async begin(context) {
    const { services, subjectId: backupId, operationId } = context
    const { clusterId } = await getBackup(services, backupId)
    const cluster = await findCluster(services, clusterId)
    if (cluster?.state !== 'running' || isImpatient(context)) return done()
    const order = givenUp(operationId, backupId)
    const status = await giveCommands(services, clusterId, [order])
    const command = status?.commands.find(({ id }) => id === order.id)
    if (!command || isOver(command)) return done()
    return pending({ retryAfter: lookAgain(context), note: 'The agent gives the backup up.' })
  },
}

/** What the agent keeps for the backup, such as its images in the registry, can only go while the cluster is there. */
export const dropFromCluster: StepKind<null> = {
  kind: 'backup.drop',
  permissions: [],
  seconds: 20,
  describe: () => ({ title: 'have the agent remove what it keeps for the backup', touches: [] }),
  async begin(context) {
    const { services, subjectId: backupId } = context
    const { clusterId } = await getBackup(services, backupId)
    const cluster = await findCluster(services, clusterId)
    if (cluster?.state !== 'running' || isImpatient(context)) return done()
    const command = await askAgent(context, clusterId, { type: 'DELETE_BACKUP', members: { backupId } })
    // Its snapshots have to go all the same.
    if (command && isOver(command)) return done()
    return pending({ retryAfter: lookAgain(context), note: 'The agent removes what it keeps for the backup.' })
  },
}
