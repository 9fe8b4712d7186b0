import { agentStatusOf } from '../../../agents/agent-status.ts'
import { dropCommands, giveCommands } from '../../../agents/commands.ts'
import { readable } from '../../../azure/classify.ts'
import { copyPassword } from '../../../clusters/first-password.ts'
import type { StepContext } from '../../../operations/context.ts'
import { done, failed, type Look, pending } from '../../../operations/outcome.ts'
import type { StepKind } from '../../../operations/step.ts'

interface RestoreArgs {
  readonly backupId: string
}

/** Seconds of real Azure between two looks; a look is a read of our own storage. */
const LOOK_EVERY = 5

/** The agent brings back what lies outside the disks, the container above all, and tells whether all of it is there. */
export const restoreData: StepKind<RestoreArgs> = {
  kind: 'restore.data',
  permissions: [],
  seconds: 300,
  describe: () => ({ title: 'restore the data and verify it', touches: [] }),
  begin: look,
}

async function look(context: StepContext, { backupId }: RestoreArgs): Promise<Look> {
  const { services, subjectId, operationId, begunAt } = context
  const prefix = `${operationId}:restore:`
  const id = `${prefix}${begunAt}`
  const status = await agentStatusOf(services, subjectId)
  // One that a broken-off attempt has given goes on; after one that failed this attempt gives its own.
  const earlier = (status?.commands ?? []).filter((command) => command.id.startsWith(prefix))
  const current = earlier.find((command) => command.id === id || command.status !== 'FAILED')
  if (current?.status === 'FAILED') return failed(notRestored(current.message))
  if (current?.status === 'SUCCEED') {
    await copyPassword(services, backupId, subjectId)
    return done()
  }
  if (!current) {
    await dropCommands(services, subjectId, new Set(earlier.map((command) => command.id)))
    await giveCommands(services, subjectId, [{ id, type: 'RESTORE', members: { backupId } }])
  }
  return pending({ retryAfter: LOOK_EVERY / services.settings.clockSpeed, note: 'The agent restores the data.' })
}

const notRestored = (why: string) =>
  ({
    code: 'unknown',
    message: readable(`The data could not be restored: ${why}`),
    remedy:
      'Look at the log on the head node (journalctl -u slipway-agent), mend the cause and retry; or terminate the cluster: the backup stays.',
    retryable: false,
  }) as const
