import type { StepContext } from '../operations/context.ts'
import type { AgentStatus } from './agent-status.ts'
import { giveCommands, isOver } from './commands.ts'

/**
 * Why Hopsworks cannot be brought up, of an agent that has said so; undefined while there is hope. Once in every further attempt of an operation
 * the agent is asked to try again: whoever retries has mended the cause, and should not have to go to the machine as well.
 */
export async function whyInVain(
  { services, operationId, subjectId: clusterId, attempt }: StepContext,
  { agent, commands }: AgentStatus,
): Promise<string | undefined> {
  const told = agent?.error ?? agent?.stage ?? ''
  if (attempt === 1) return told
  const id = `${operationId}:INSTALL:${attempt}`
  const command = commands.find((known) => known.id === id)
  if (!command) await giveCommands(services, clusterId, [{ id, type: 'INSTALL' }])
  return command && isOver(command) ? command.message || told : undefined
}
