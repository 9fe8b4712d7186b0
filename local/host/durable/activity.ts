import type { Runtime } from '../runtime.ts'
import { fromTypedData, type TypedData } from '../typed-data.ts'
import { EventType, type TaskCompleted, type TaskFailed, type TaskScheduled } from './history-event.ts'
import { messageOf } from './orchestrator-result.ts'
import { functionsOf } from './replay.ts'

/** How an activity ended, without its place in a history. */
export type ActivityOutcome = Pick<TaskCompleted, 'EventType' | 'Result'> | Pick<TaskFailed, 'EventType' | 'Reason' | 'Details'>

/** Runs activity functions of the app. Never rejects. */
export function activityRunner(runtime: Runtime): (task: TaskScheduled, instanceId: string) => Promise<ActivityOutcome> {
  const activity = functionsOf(runtime, 'activityTrigger')
  return async (task, instanceId) => {
    if (task.Expired !== undefined) return activityFailed(task.Expired)
    const fn = activity(task.Name)
    // The official host of today retries an unknown activity without end; newer extensions fail it.
    if (!fn) return activityFailed(`Activity function '${task.Name}' doesn't exist, is disabled, or is not an activity function.`)
    const [input] = JSON.parse(task.Input) as [unknown]
    const trigger = toTrigger(input)
    try {
      const { returnValue } = await runtime.invoke(fn, { trigger, metadata: { instanceId: { string: instanceId }, data: trigger ?? {} } })
      return { EventType: EventType.TaskCompleted, Result: JSON.stringify(fromTypedData(returnValue)) }
    } catch (error) {
      // Two spaces, as on the official host, whose Details hold stack traces; here a caller must not see them.
      return activityFailed(`Activity function '${task.Name}' failed:  ${messageOf(error)}`)
    }
  }
}

const activityFailed = (reason: string): ActivityOutcome => ({ EventType: EventType.TaskFailed, Reason: reason, Details: '' })

function toTrigger(input: unknown): TypedData | undefined {
  if (input === null) return undefined
  return typeof input === 'string' ? { string: input } : { json: JSON.stringify(input) }
}
