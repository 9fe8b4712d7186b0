import * as z from 'zod'
import type { Services } from '../services.ts'
import type { Table } from '../storage/table.ts'
import { update } from '../storage/update.ts'
import { cloudNodeSchema, commandStates, type Heartbeat } from './heartbeat-wire.ts'

const commandSchema = z.strictObject({
  id: z.string(),
  /** e.g. `CHANGE_PASSWORD`; its secrets are filled in when it is handed out and stored nowhere. */
  type: z.string(),
  /** Its other members, as the agent is to get them (docs/agent.md). */
  members: z.record(z.string(), z.json()).exactOptional(),
  status: z.enum(commandStates),
  message: z.string(),
})
export type Command = Readonly<z.output<typeof commandSchema>>

/** What jobs have and wait for. Whoever does not know all four numbers knows no load. */
const loadSchema = z.object({
  allocatedVcores: z.number(),
  pendingVcores: z.number(),
  allocatedMemoryMB: z.number(),
  pendingMemoryMB: z.number(),
})

export const loadIn = (told: Heartbeat | AgentStatus): z.output<typeof loadSchema> | undefined => loadSchema.safeParse(told).data

/** What is known of a cluster's agent. */
export const agentStatusSchema = z.strictObject({
  /** Absent until the first heartbeat. */
  agent: z
    .strictObject({
      release: z.string(),
      nodeId: z.string(),
      bootId: z.string(),
      state: z.enum(['starting', 'installing', 'ready', 'failed']),
      stage: z.string(),
      progress: z.number(),
      logTail: z.string(),
      error: z.string().exactOptional(),
    })
    .exactOptional(),
  /** Epoch milliseconds of the last heartbeat that was written down. */
  lastSeen: z.number(),
  commands: z.array(commandSchema).readonly(),
  decommissioning: z.array(cloudNodeSchema).readonly(),
  decommissioned: z.array(cloudNodeSchema).readonly(),
  /** All four or none. */
  allocatedVcores: z.number().exactOptional(),
  pendingVcores: z.number().exactOptional(),
  allocatedMemoryMB: z.number().exactOptional(),
  pendingMemoryMB: z.number().exactOptional(),
})
export type AgentStatus = Readonly<z.output<typeof agentStatusSchema>>

export const unseen: AgentStatus = {
  lastSeen: 0,
  commands: [],
  decommissioning: [],
  decommissioned: [],
}

const ROW = 'head'

type World = Pick<Services, 'tables'>

export const agentTable = ({ tables }: World): Table<AgentStatus> => tables.table('agents', agentStatusSchema)

export const agentStatusOf = async (world: World, clusterId: string): Promise<AgentStatus | undefined> =>
  (await agentTable(world).get(clusterId, ROW))?.value

export const updateAgentStatus = async (world: World, clusterId: string, change: (status: AgentStatus) => AgentStatus | undefined) =>
  (await update(agentTable(world), clusterId, ROW, change))?.value

/** At the birth of a cluster: with a row there from the start, every later write is a replacement. */
export const putAgentStatus = (world: World, clusterId: string, status: AgentStatus) => agentTable(world).upsert(clusterId, ROW, status)

export const removeAgentStatus = (world: World, clusterId: string): Promise<void> => agentTable(world).remove(clusterId, ROW)

/** What only moves (progress, log, load) is written down this often, milliseconds; what means something at once. */
const WRITE_EVERY = 5000

/** The status after a heartbeat; undefined: nothing in it is worth a write. `now`: epoch milliseconds. */
export function heard(status: AgentStatus, heartbeat: Heartbeat, now: number): AgentStatus | undefined {
  const {
    agent: { error, ...agent },
    decommissioningNodes,
    decommissionedNodes,
    commandsStatus,
  } = heartbeat
  const next: AgentStatus = {
    agent: { ...agent, ...(error && { error }) },
    lastSeen: now,
    commands: status.commands.map((command) => ({
      ...command,
      ...(Object.hasOwn(commandsStatus, command.id) && commandsStatus[command.id]),
    })),
    decommissioning: decommissioningNodes,
    decommissioned: decommissionedNodes,
    ...loadIn(heartbeat),
  }
  const isDue = now - status.lastSeen >= WRITE_EVERY
  return isDue || meaning(next) !== meaning(status) ? next : undefined
}

function meaning({ agent, commands, decommissioning, decommissioned }: AgentStatus): string {
  const nodes = (list: AgentStatus['decommissioning']) => list.map((node) => node.nodeId)
  return JSON.stringify([agent?.bootId, agent?.state, agent?.stage, agent?.error, commands, nodes(decommissioning), nodes(decommissioned)])
}
