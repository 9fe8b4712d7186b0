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
/** Minutes that the last round may take beyond the time of all of them. */
const LAST_ROUND = 5

/** An agent that has lost the control plane asks again within half a minute, however fast the simulated Azure runs; milliseconds. */
const AGENT_IS_BACK = 45_000

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
  const { services, subjectId: clusterId, operationId, begunAt } = context
  const { healthPasses, healthMinutes, clockSpeed } = services.settings
  // Begun anew at every attempt: what failed before the cause was mended counts no more.
  const prefix = `${operationId}:${begunAt}:${name}:`
  const checks = checksOf(await agentStatusOf(services, clusterId), prefix)
  const gate = judgeGate(checks, healthPasses)
  const now = services.clock.now()
  const minutes = ((now - begunAt) * clockSpeed) / 60_000
  const isMissed = checks.every(({ status }) => status === 'NEW') && now - begunAt < AGENT_IS_BACK
  // A round that has begun tells why, when it ends.
  const isLate = !isMissed && minutes > (gate.state === 'open' ? healthMinutes : healthMinutes + LAST_ROUND)
  // An agent's list of commands is sent with every answer: what has had its say is taken off it.
  if (gate.state !== 'waiting' || isLate) await dropCommands(services, clusterId, new Set(checks.map(({ id }) => id)))
  if (gate.state === 'passed') return done()
  if (isLate) return failed(unhealthy(name, checks))
  if (gate.state === 'open') {
    const round = Array.from({ length: healthPasses }, (_, index) => ({ id: `${prefix}${now}:${index}`, type: healthCommand(name) }))
    await giveCommands(services, clusterId, round)
  }
  const why = failureOf(checks)
  return pending({ retryAfter: LOOK_EVERY / clockSpeed, ...(why !== undefined && { note: readable(`The last round failed: ${why}`) }) })
}

const checksOf = (status: AgentStatus | undefined, prefix: string): readonly Command[] =>
  (status?.commands ?? []).filter(({ id }) => id.startsWith(prefix))

const failureOf = (checks: readonly Command[]): string | undefined => checks.findLast(({ status }) => status === 'FAILED')?.message

function unhealthy(name: string, checks: readonly Command[]) {
  const why = failureOf(checks) ?? 'The agent does not answer.'
  return {
    code: 'unknown',
    message: readable(`The new head is not healthy, ${name}: ${why}`),
    remedy: 'Roll back with PUT /api/clusters/{id}/upgrade/rollback, or mend the new head and retry the operation.',
    retryable: false,
  } as const
}
