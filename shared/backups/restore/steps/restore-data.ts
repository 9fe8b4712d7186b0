import { askAgent, lookAgain } from '../../../agents/ask-agent.ts'
import { readable } from '../../../azure/classify.ts'
import { copyPassword } from '../../../clusters/first-password.ts'
import { done, failed, pending } from '../../../operations/outcome.ts'
import type { StepKind } from '../../../operations/step.ts'

interface RestoreArgs {
  readonly backupId: string
}

/** The agent brings back what lies outside the disks, the container above all, and tells whether all of it is there. */
export const restoreData: StepKind<RestoreArgs> = {
  kind: 'restore.data',
  permissions: [],
  seconds: 300,
  describe: () => ({ title: 'restore the data and verify it', touches: [] }),
  async begin(context, { backupId }) {
    const { services, subjectId: clusterId } = context
    const command = await askAgent(context, clusterId, { type: 'RESTORE', members: { backupId } })
    if (command?.status === 'FAILED') return failed(notRestored(command.message))
    if (command?.status !== 'SUCCEED') return pending({ retryAfter: lookAgain(context), note: 'The agent restores the data.' })
    await copyPassword(services, backupId, clusterId)
    return done()
  },
  // It goes with the disks: others that are made after all have to be restored themselves.
  undo: async () => done(),
}

const notRestored = (why: string) =>
  ({
    code: 'unknown',
    message: readable(`The data could not be restored: ${why}`),
    remedy:
      'Look at the log on the head node (journalctl -u slipway-agent), mend the cause and retry; or terminate the cluster: the backup stays.',
    retryable: false,
  }) as const
