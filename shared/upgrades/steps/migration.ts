import { type AgentStatus, agentStatusOf } from '../../agents/agent-status.ts'
import { whyInVain } from '../../agents/install-again.ts'
import { readable } from '../../azure/classify.ts'
import { enterState } from '../../clusters/steps/progress.ts'
import type { StepContext } from '../../operations/context.ts'
import { done, failed, type Look, pending } from '../../operations/outcome.ts'
import type { StepKind } from '../../operations/step.ts'

interface HeadArgs {
  /** Node id of the new head: what the old one said must not pass for its word. */
  readonly head: string
}

/** Seconds of real Azure between two looks; a look is a read of our own storage. */
const LOOK_EVERY = 5

async function statusOf({ services, subjectId: clusterId }: StepContext, head: string): Promise<AgentStatus | undefined> {
  const status = await agentStatusOf(services, clusterId)
  return status?.agent?.nodeId === head ? status : undefined
}

const notYet = ({ services }: StepContext, note: string): Look => pending({ retryAfter: LOOK_EVERY / services.settings.clockSpeed, note })

interface BootArgs extends HeadArgs {
  /** In a subnet that was brought along, and without the cluster's public address until it is healthy. */
  readonly inward: boolean
}

const SILENT = 'The new head has not called yet.'
const WAY_OUT = 'It gets the public address once it is healthy: where its subnet has no other way out, give the subnet a NAT gateway.'

export const waitForBoot: StepKind<BootArgs> = {
  kind: 'upgrade.boot',
  permissions: [],
  seconds: 40,
  describe: () => ({ title: 'wait until the new head has booted', touches: [] }),
  begin: async (context, { head, inward }) =>
    (await statusOf(context, head)) ? done() : notYet(context, inward ? `${SILENT} ${WAY_OUT}` : SILENT),
}

/** The agent runs the version's upgrade command over the copied data, as another one would install. */
export const waitForMigration: StepKind<HeadArgs> = {
  kind: 'upgrade.migrate',
  permissions: [],
  seconds: 600,
  describe: () => ({ title: 'migrate the data to the new version', touches: [] }),
  async begin(context, { head }) {
    const status = await statusOf(context, head)
    const agent = status?.agent
    if (status && agent?.state === 'failed') {
      const why = await whyInVain(context, status)
      return why === undefined ? notYet(context, 'The agent is asked to try again.') : failed(migrationFailed(why))
    }
    if (agent?.state === 'ready') return done()
    await enterState(context, 'starting-hopsworks')
    return notYet(context, readable(agent?.stage ?? 'The new head is silent.'))
  },
}

const migrationFailed = (why: string) =>
  ({
    code: 'unknown',
    message: readable(`The data could not be migrated: ${why}`),
    remedy:
      'The former head and its disks are untouched: roll back with PUT /api/clusters/{id}/upgrade/rollback. Or look at the log on the new head (journalctl -u slipway-agent), mend the cause and retry: the agent then tries again.',
    retryable: false,
  }) as const
