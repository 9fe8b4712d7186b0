import { randomUUID } from 'node:crypto'
import { EventType, endedId, type HistoryEvent, isScheduled, type ScheduledEvent, stamp } from './history-event.ts'

export const RUNTIME_STATUSES = [
  'Pending',
  'Running',
  'Completed',
  'ContinuedAsNew',
  'Failed',
  'Canceled',
  'Terminated',
  'Suspended',
] as const
export type RuntimeStatus = (typeof RUNTIME_STATUSES)[number]

/** Encoded characters: a blob's name has at most 1024. */
const LONGEST_ENCODED_ID = 900

/** Whether a document can be named after an id; one that cannot must be refused before it is saved. */
export function isInstanceId(id: string): boolean {
  return id.isWellFormed() && encodeURIComponent(id).length <= LONGEST_ENCODED_ID
}

/** Who waits for the end of a sub-orchestration. */
export interface Parent {
  readonly name: string
  readonly instanceId: string
  readonly executionId: string
  /** Sequence number of the parent's SubOrchestrationInstanceCreated. */
  readonly taskId: number
}

/** All that is known of one orchestration instance; stored as one document. Never changed in place. */
export interface Instance {
  readonly instanceId: string
  readonly name: string
  readonly version: string
  /** Another one after continue-as-new: what an earlier execution set going reports to nobody. */
  readonly executionId: string
  readonly parent: Parent | null
  readonly status: RuntimeStatus
  /** JSON text. */
  readonly input: string
  /** JSON text; while suspended, the reason. */
  readonly output: string | null
  readonly customStatus: unknown
  /** Milliseconds since 1970. */
  readonly createdTime: number
  readonly lastUpdatedTime: number
  readonly history: readonly HistoryEvent[]
  /** Messages that no episode has taken yet. */
  readonly inbox: readonly HistoryEvent[]
  /** See simulate: an episode takes one message only. */
  readonly oneMessageAtATime: boolean
}

export interface NewInstance {
  readonly instanceId: string
  readonly name: string
  readonly input: string
  readonly version?: string
  readonly parent?: Parent
}

/** Nothing happens to it before it gets its ExecutionStarted. */
export function createInstance({ instanceId, name, input, version = '', parent }: NewInstance, now: number): Instance {
  return {
    instanceId,
    name,
    version,
    executionId: randomUUID(),
    parent: parent ?? null,
    input,
    status: 'Pending',
    output: null,
    customStatus: null,
    createdTime: now,
    lastUpdatedTime: now,
    history: [],
    inbox: [],
    oneMessageAtATime: false,
  }
}

/** The first event of each execution. */
export function executionStarted(instance: Instance, now: number): HistoryEvent {
  const { parent } = instance
  return {
    EventType: EventType.ExecutionStarted,
    ...stamp(now),
    Name: instance.name,
    Version: instance.version,
    Input: instance.input,
    OrchestrationInstance: { InstanceId: instance.instanceId, ExecutionId: instance.executionId },
    ParentInstance: parent && {
      Name: parent.name,
      OrchestrationInstance: { InstanceId: parent.instanceId, ExecutionId: parent.executionId },
      TaskScheduleId: parent.taskId,
    },
    Tags: null,
  }
}

export function isEnded({ status }: Pick<Instance, 'status'>): boolean {
  return status === 'Completed' || status === 'Failed' || status === 'Terminated' || status === 'Canceled'
}

/** What must be going on for this instance: scheduled, neither ended nor called off. By sequence number. */
export function outstanding(instance: Instance): Map<number, ScheduledEvent> {
  const work = new Map<number, ScheduledEvent>()
  if (isEnded(instance)) return work
  for (const event of [...instance.history, ...instance.inbox]) {
    if (isScheduled(event) && !('IsCanceled' in event)) work.set(event.EventId, event)
    const ended = endedId(event)
    if (ended !== undefined) work.delete(ended)
  }
  return work
}
