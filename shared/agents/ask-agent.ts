import type { StepContext } from '../operations/context.ts'
import { agentStatusOf, type Command } from './agent-status.ts'
import { dropCommands, giveCommands, type NewCommand } from './commands.ts'

/** Seconds of real Azure between two looks; a look is a read of our own storage. */
const LOOK_EVERY = 5

/** For a look at a command that is not over. */
export const lookAgain = ({ services }: StepContext): number => LOOK_EVERY / services.settings.clockSpeed

/**
 * Has a cluster's agent carry out a command for a step, and answers it as it stands. One that a broken-off attempt has given goes on;
 * after one that failed this attempt gives its own.
 */
export async function askAgent(
  { services, operationId, begunAt }: StepContext,
  clusterId: string,
  { type, members }: Omit<NewCommand, 'id'>,
): Promise<Command | undefined> {
  const prefix = `${operationId}:${type}:`
  const id = `${prefix}${begunAt}`
  const status = await agentStatusOf(services, clusterId)
  const earlier = (status?.commands ?? []).filter((command) => command.id.startsWith(prefix))
  const current = earlier.find((command) => command.id === id || command.status !== 'FAILED')
  if (current) return current
  await dropCommands(services, clusterId, new Set(earlier.map((command) => command.id)))
  await giveCommands(services, clusterId, [{ id, type, ...(members && { members }) }])
  return undefined
}
