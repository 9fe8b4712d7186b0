import { agentStatusOf, updateAgentStatus } from '../../agents/agent-status.ts'
import { whyInVain } from '../../agents/install-again.ts'
import { readable } from '../../azure/classify.ts'
import type { StepContext } from '../../operations/context.ts'
import { done, failed, type Look, pending } from '../../operations/outcome.ts'
import type { StepKind } from '../../operations/step.ts'
import { FIRST_PASSWORD } from '../first-password.ts'
import { enterState } from './progress.ts'

/** Seconds of real Azure between two looks; a look is a read of our own storage. */
const LOOK_EVERY = 5

/** For who looks on while the agent tries again. */
const AGAIN = 'The agent is asked to try again.'

/** A cluster is running when its agent says so, not when the machine is up. */
export const waitForAgent: StepKind<null> = {
  kind: 'agent.wait',
  permissions: [],
  seconds: 480,
  describe: () => ({ title: 'wait until Hopsworks runs', touches: [] }),
  begin: look,
  undo: onceMore,
}

/** Nothing to take back; but machines that are made after all have to be heard themselves. */
async function onceMore(): Promise<Look> {
  return done()
}

async function look(context: StepContext): Promise<Look> {
  const { services, subjectId: clusterId } = context
  const status = await agentStatusOf(services, clusterId)
  const agent = status?.agent
  const retryAfter = LOOK_EVERY / services.settings.clockSpeed
  if (!agent) return pending({ retryAfter, note: 'The head node has not called yet.' })
  if (agent.state === 'failed') {
    const why = await whyInVain(context, status)
    return why === undefined ? pending({ retryAfter, note: AGAIN }) : failed(installationFailed(why))
  }
  await enterState(context, 'starting-hopsworks')
  if (agent.state !== 'ready') return pending({ retryAfter, note: readable(agent.stage) })
  const password = status.commands.find((command) => command.id === FIRST_PASSWORD.id)
  if (!password || password.status === 'SUCCEED') return done()
  // Until then anybody who can reach the cluster is its administrator.
  if (password.status === 'FAILED') return failed(passwordFailed(password.message))
  return pending({ retryAfter, note: "Changing the first administrator's password." })
}

/** What was heard before the machine stopped must not pass for the word of the one that starts. */
export const forgetAgent: StepKind<null> = {
  kind: 'agent.forget',
  permissions: [],
  seconds: 0,
  describe: () => ({ title: 'forget what the agent of a former machine said', touches: [] }),
  async begin({ services, subjectId: clusterId }) {
    await updateAgentStatus(services, clusterId, ({ agent: _, ...status }) => ({
      ...status,
      // What an operation that was called off wanted of the agent is nobody's wish any more.
      commands: status.commands.filter(({ id }) => id === FIRST_PASSWORD.id),
    }))
    return done()
  },
  undo: onceMore,
}

const installationFailed = (why: string) =>
  ({
    code: 'unknown',
    message: readable(`Hopsworks could not be installed: ${why}`),
    remedy:
      'Look at the log on the head node (journalctl -u slipway-agent), mend the cause and retry: the agent then tries again. Or terminate the cluster.',
    retryable: false,
  }) as const

const passwordFailed = (why: string) =>
  ({
    code: 'unknown',
    message: readable(`The first administrator's password could not be changed: ${why}`),
    remedy: 'Terminate the cluster and create it again: the installer leaves a password that everybody knows.',
    retryable: false,
  }) as const
