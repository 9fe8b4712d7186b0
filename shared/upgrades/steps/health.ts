import type { AgentStatus, Command } from '../../agents/agent-status.ts'
import { agentStatusOf } from '../../agents/agent-status.ts'
import { dropCommands, giveCommands } from '../../agents/commands.ts'
import { readable } from '../../azure/classify.ts'
import type { StepContext } from '../../operations/context.ts'
import { done, failed, type Look, pending } from '../../operations/outcome.ts'
import type { StepKind } from '../../operations/step.ts'
import { healthCommand, judgeGate } from '../health-gate.ts'

interface GateArgs {
  /** Name of the check in the version's catalogue entry. */
  readonly name: string
}

/** Seconds of real Azure between two looks. */
const LOOK_EVERY = 2

/** One check of the new head, through its agent, again and again until it holds or the time is over. */
export const passHealthGate: StepKind<GateArgs> = {
  kind: 'upgrade.check-health',
  permissions: [],
  // Twenty times as long passes for stuck: the setting allows less.
  seconds: 180,
  describe: ({ name }) => ({ title: `check that the new head is healthy: ${name}`, touches: [] }),
  begin: look,
}

async function look(context: StepContext, { name }: GateArgs): Promise<Look> {
  const { services, clusterId, operationId, begunAt } = context
  const { healthPasses, healthMinutes, clockSpeed } = services.settings
  // Begun anew at every attempt: what failed before the cause was mended counts no more.
  const prefix = `${operationId}:${begunAt}:${name}:`
  const checks = checksOf(await agentStatusOf(services, clusterId), prefix)
  const gate = judgeGate(checks, healthPasses)
  if (gate.state === 'passed') {
    await dropCommands(services, clusterId, new Set(checks.map(({ id }) => id)))
    return done()
  }
  if (services.clock.now() - begunAt > (healthMinutes * 60_000) / clockSpeed) return failed(unhealthy(name, checks))
  if (gate.state === 'open') {
    const round = gate.round.map((number) => ({ id: `${prefix}${number}`, type: healthCommand(name) }))
    await giveCommands(services, clusterId, round)
  }
  const passed = checks.filter(({ status }) => status === 'SUCCEED').length
  return pending({ retryAfter: LOOK_EVERY / clockSpeed, note: `${passed} of ${checks.length} checks have succeeded.` })
}

const checksOf = (status: AgentStatus | undefined, prefix: string): readonly Command[] =>
  (status?.commands ?? []).filter(({ id }) => id.startsWith(prefix))

function unhealthy(name: string, checks: readonly Command[]) {
  const why = checks.findLast(({ status }) => status === 'FAILED')?.message ?? 'The agent does not answer.'
  return {
    code: 'unknown',
    message: readable(`The new head is not healthy, ${name}: ${why}`),
    remedy: 'Roll back with PUT /api/clusters/{id}/upgrade/rollback, or mend the new head and retry the operation.',
    retryable: false,
  } as const
}
