import { type EndingEvent, EventType, stamp } from './history-event.ts'
import type { Instance, Parent, RuntimeStatus } from './instance.ts'

/** Why an id cannot be used: for callers and for parents. */
export const alreadyExists = (status: RuntimeStatus): string => `An Orchestration instance with the status ${status} already exists.`

export const isChildOf = ({ parent }: Instance, { instanceId, executionId, taskId }: Parent): boolean =>
  parent?.instanceId === instanceId && parent.executionId === executionId && parent.taskId === taskId

export const childFailed = (taskId: number, reason: string, now: number): EndingEvent => ({
  EventType: EventType.SubOrchestrationInstanceFailed,
  ...stamp(now),
  TaskScheduledId: taskId,
  Reason: reason,
  Details: '',
})

/** What a parent hears of its child's end; a terminated child counts as failed. */
export function endingFor({ taskId }: Parent, { status, output }: Instance, now: number): EndingEvent {
  if (status !== 'Completed') return childFailed(taskId, JSON.parse(output ?? '""'), now)
  return { EventType: EventType.SubOrchestrationInstanceCompleted, ...stamp(now), TaskScheduledId: taskId, Result: output }
}
