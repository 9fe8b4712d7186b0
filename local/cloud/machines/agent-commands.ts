import { z } from 'zod'

/** A node of the cluster, in Hopsworks' own words. */
const cloudNode = z.object({
  nodeId: z.string(),
  host: z.string(),
  ip: z.string().default(''),
  instanceType: z.string().default(''),
  instanceState: z.string().default(''),
  nodeType: z.string().default(''),
})

export type CloudNode = z.infer<typeof cloudNode>

const command = z.looseObject({
  id: z.string().min(1).max(128),
  type: z.string().max(64),
  nodesToRemove: z.record(z.string(), z.number().int().nonnegative()).optional(),
  host: z.string().optional(),
  nodeId: z.string().optional(),
})

export type AgentCommand = z.infer<typeof command>

/** What the API answers to a heartbeat; only what the agent acts on. */
export const heartbeatAnswer = z.object({
  payload: z.object({
    workers: z.array(cloudNode).max(10_000).default([]),
    commands: z.array(command).max(1000).default([]),
    heartbeatSeconds: z.number().positive().max(3600).optional(),
  }),
})

export type HeartbeatAnswer = z.infer<typeof heartbeatAnswer>['payload']

export interface CommandStatus {
  status: 'NEW' | 'ONGOING' | 'SUCCEED' | 'FAILED'
  message: string
}

/** A command that was taken on: its nodes are the workers that it takes away. */
export interface Task extends CommandStatus {
  type: string
  /** The machine's clock, in ms, when it will be done; absent once it is. */
  dueAt?: number
  /** The fault plan lets it end badly. */
  doomed?: true
  nodes: CloudNode[]
}

/** The part of an agent's memory that its commands fill; on the machine's disk, so it outlives a reboot. */
export interface CommandMemory {
  /** By command id, oldest first. Done ones are kept (bounded), so that a command given again is not run again. */
  tasks: Record<string, Task>
  /** The ids that the API's last answer still held: the ones whose status is reported. */
  reported: string[]
}

export const noCommands: CommandMemory = { tasks: {}, reported: [] }

/** Seconds that commands take, before the speed is applied. */
export interface CommandLatencies {
  decommissionSeconds: number
  backupSeconds: number
  passwordSeconds: number
  healthSeconds: number
}

const MOST_TASKS = 1000

const KNOWN = ['INSTALL', 'REMOVE_NODES', 'DECOMMISSION_NODE', 'BACKUP', 'RESTORE', 'BACKUP_DONE', 'DELETE_BACKUP', 'CHANGE_PASSWORD']
/** Checks that an agent.json names, one command each. */
const HEALTH = /^HEALTH:/

/** Takes on what the answer holds that is new, each id once, and forgets the nodes that are gone. `fails`: the fault plan's word on a command. */
export function take(
  memory: CommandMemory,
  answer: HeartbeatAnswer,
  latencies: CommandLatencies,
  now: number,
  fails: (type: string) => boolean = () => false,
): CommandMemory {
  const present = new Set(answer.workers.map((worker) => worker.nodeId))
  const tasks: Record<string, Task> = {}
  for (const [id, task] of Object.entries(memory.tasks).slice(-MOST_TASKS)) {
    tasks[id] = { ...task, nodes: task.nodes.filter((node) => present.has(node.nodeId)) }
  }
  for (const given of answer.commands) {
    if (tasks[given.id]) continue
    tasks[given.id] = { ...taskOf(given, free(answer.workers, tasks), latencies, now), ...(fails(given.type) && { doomed: true }) }
  }
  return { tasks, reported: answer.commands.map((given) => given.id) }
}

/** Workers that no task has taken away yet. */
function free(workers: readonly CloudNode[], tasks: Record<string, Task>): CloudNode[] {
  const taken = new Set(Object.values(tasks).flatMap((task) => task.nodes.map((node) => node.nodeId)))
  return workers.filter((worker) => worker.nodeType === 'worker' && !taken.has(worker.nodeId))
}

function taskOf(given: AgentCommand, workers: readonly CloudNode[], latencies: CommandLatencies, now: number): Task {
  const due = (seconds: number, nodes: CloudNode[] = []): Task => ({
    type: given.type,
    status: 'ONGOING',
    message: '',
    dueAt: now + seconds * 1000,
    nodes,
  })
  if (!KNOWN.includes(given.type) && !HEALTH.test(given.type))
    return { type: given.type, status: 'FAILED', message: `Unknown command type ${given.type}.`, nodes: [] }
  if (HEALTH.test(given.type)) return due(latencies.healthSeconds)
  // Of a Hopsworks that is up: there is nothing to do.
  if (given.type === 'INSTALL') return due(0)
  switch (given.type) {
    case 'REMOVE_NODES':
      // All simulated workers are idle, so the newest disturb least.
      return due(
        latencies.decommissionSeconds,
        Object.entries(given.nodesToRemove ?? {}).flatMap(([instanceType, count]) =>
          workers
            .filter((worker) => worker.instanceType === instanceType)
            .reverse()
            .slice(0, count),
        ),
      )
    case 'DECOMMISSION_NODE':
      return due(
        latencies.decommissionSeconds,
        workers.filter((worker) => worker.nodeId === given.nodeId || worker.host === given.host),
      )
    case 'CHANGE_PASSWORD':
      return due(latencies.passwordSeconds)
    default:
      return due(latencies.backupSeconds)
  }
}

/** Ends what is due at `now` (ms). */
export function settle(memory: CommandMemory, now: number): CommandMemory {
  const tasks = Object.entries(memory.tasks).map(([id, task]): [string, Task] => {
    if (task.dueAt === undefined || task.dueAt > now) return [id, task]
    const { dueAt: _, doomed, ...done } = task
    return [id, doomed ? { ...done, status: 'FAILED', message: 'The command ended with exit code 1' } : { ...done, status: 'SUCCEED' }]
  })
  return { ...memory, tasks: Object.fromEntries(tasks) }
}

/** In how many ms the next command ends; Infinity when none is under way. */
export function nextDue(memory: CommandMemory, now: number): number {
  return Math.min(...Object.values(memory.tasks).map((task) => (task.dueAt ?? Number.POSITIVE_INFINITY) - now))
}

/** The part of a heartbeat that tells of commands. */
export function commandReport({ tasks, reported }: CommandMemory) {
  const all = Object.values(tasks)
  const status = (id: string): CommandStatus => ({ status: tasks[id]?.status ?? 'NEW', message: tasks[id]?.message ?? '' })
  return {
    commandsStatus: Object.fromEntries(reported.filter((id) => tasks[id]).map((id) => [id, status(id)])),
    decommissioningNodes: all.filter((task) => task.status === 'ONGOING').flatMap((task) => task.nodes),
    decommissionedNodes: all.filter((task) => task.status === 'SUCCEED').flatMap((task) => task.nodes),
  }
}
