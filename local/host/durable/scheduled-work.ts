import type { Clock } from '../../clock.ts'
import type { ActivityOutcome } from './activity.ts'
import { armTimer } from './durable-timer.ts'
import { type EndingEvent, EventType, type SubOrchestrationInstanceCreated, stamp, type TaskScheduled } from './history-event.ts'
import { type Instance, isEnded, isInstanceId, type NewInstance, type Parent, type RuntimeStatus } from './instance.ts'
import type { Begin } from './live-instance.ts'
import { slots } from './slots.ts'
import { alreadyExists, childFailed, endingFor, isChildOf } from './sub-orchestration.ts'

/** How long a graceful stop waits for running activities, in milliseconds; after that they will run again at the next start. */
const GRACE = 5_000

export interface ScheduledWorkOptions {
  readonly clock: Clock
  readonly maxConcurrentActivities: number
  readonly runActivity: (task: TaskScheduled, instanceId: string) => Promise<ActivityOutcome>
  readonly get: (instanceId: string) => Promise<Instance | undefined>
  readonly create: (creation: NewInstance) => Promise<RuntimeStatus | undefined>
  readonly broken: (error: unknown) => void
}

/** Sets going what orchestrators schedule: timers, activities, sub-orchestrations. */
export interface ScheduledWork {
  readonly begin: Begin
  /** Begins nothing any more. */
  close(): void
  /** Resolves when what runs has ended, or has been waited for long enough. */
  settled(): Promise<void>
}

export function scheduledWork({ clock, maxConcurrentActivities, runActivity, get, create, broken }: ScheduledWorkOptions): ScheduledWork {
  const activitySlot = slots(maxConcurrentActivities)
  const running = new Set<Promise<void>>()
  let closing = false

  const begin: Begin = (instance, event, report, mayHaveBegun) => {
    let calledOff = closing
    const reportUnlessCalledOff = (ending: EndingEvent) => {
      if (!calledOff) report(ending)
    }
    switch (event.EventType) {
      case EventType.TimerCreated:
        if (closing) break
        return armTimer(clock, event, reportUnlessCalledOff)
      case EventType.TaskScheduled:
        track(activitySlot(() => (calledOff || closing ? Promise.resolve() : beginActivity(instance, event, reportUnlessCalledOff))))
        break
      case EventType.SubOrchestrationInstanceCreated:
        if (!closing) track(beginChild(instance, event, reportUnlessCalledOff, mayHaveBegun))
    }
    return () => {
      calledOff = true
    }
  }

  function track(work: Promise<void>): void {
    const tracked = work.catch(broken).finally(() => running.delete(tracked))
    running.add(tracked)
  }

  async function beginActivity({ instanceId }: Instance, event: TaskScheduled, report: (ending: EndingEvent) => void): Promise<void> {
    const outcome = await runActivity(event, instanceId)
    report({ ...stamp(clock.now()), TaskScheduledId: event.EventId, ...outcome })
  }

  /** After a crash the child may be missing, be at work, or have ended without its parent having heard. */
  async function beginChild(
    instance: Instance,
    event: SubOrchestrationInstanceCreated,
    report: (ending: EndingEvent) => void,
    mayHaveBegun: boolean,
  ): Promise<void> {
    const { InstanceId: instanceId, Name: name, Input: input, Version: version } = event
    const parent: Parent = {
      name: instance.name,
      instanceId: instance.instanceId,
      executionId: instance.executionId,
      taskId: event.EventId,
    }
    const fail = (reason: string) => report(childFailed(event.EventId, reason, clock.now()))
    if (event.Expired !== undefined) return fail(event.Expired)
    if (!isInstanceId(instanceId)) return fail('The instance id is too long or not well-formed.')
    const known = mayHaveBegun ? await get(instanceId) : undefined
    if (known && isChildOf(known, parent)) {
      if (isEnded(known)) report(endingFor(parent, known, clock.now()))
      return
    }
    const existing = await create({ instanceId, name, input, version, parent })
    if (existing) fail(alreadyExists(existing))
  }

  return {
    begin,
    close() {
      closing = true
    },
    settled: () => settledWithin(clock, GRACE, [...running]),
  }
}

function settledWithin(clock: Clock, milliseconds: number, work: readonly Promise<void>[]): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(milliseconds, resolve)
    Promise.allSettled(work).then(() => {
      cancel()
      resolve()
    })
  })
}
