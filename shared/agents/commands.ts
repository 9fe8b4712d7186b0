import type { Services } from '../services.ts'
import { type AgentStatus, type Command, updateAgentStatus } from './agent-status.ts'

/** A command as it is given; the id is the same at every attempt, and the agent carries each id out once. */
export type NewCommand = Pick<Command, 'id' | 'type' | 'members'>

/** As the agent has not heard of it yet. */
export const given = (command: NewCommand): Command => ({ ...command, status: 'NEW', message: '' })

type World = Pick<Services, 'tables'>

/** Gives the agent what it has not been given yet. Answers its status; undefined where there is no such cluster. */
export const giveCommands = (world: World, clusterId: string, commands: readonly NewCommand[]): Promise<AgentStatus | undefined> =>
  updateAgentStatus(world, clusterId, (status) => {
    const known = new Set(status.commands.map(({ id }) => id))
    const fresh = commands.filter(({ id }) => !known.has(id))
    if (fresh.length === 0) return undefined
    return { ...status, commands: [...status.commands, ...fresh.map(given)] }
  })

/** Takes commands off the list, ended or not: an agent that has begun one goes on with it. */
export async function dropCommands(world: World, clusterId: string, ids: ReadonlySet<string>): Promise<void> {
  await updateAgentStatus(world, clusterId, (status) => {
    const left = status.commands.filter(({ id }) => !ids.has(id))
    return left.length < status.commands.length ? { ...status, commands: left } : undefined
  })
}

export const isOver = ({ status }: Command): boolean => status === 'SUCCEED' || status === 'FAILED'
