import type { Clock } from '../../clock.ts'
import type { Runtime } from '../runtime.ts'
import { activityRunner } from './activity.ts'
import { armTimer } from './durable-timer.ts'
import type { Replay } from './episode.ts'
import {
  type EndingEvent,
  EventType,
  type HistoryEvent,
  type ScheduledEvent,
  type SubOrchestrationInstanceCreated,
  stamp,
  type TaskScheduled,
} from './history-event.ts'
import { createInstance, executionStarted, type Instance, isEnded, type NewInstance, type Parent, type RuntimeStatus } from './instance.ts'
import type { InstanceStore, InstanceSummary } from './instance-store.ts'
import { type LiveInstance, liveInstance } from './live-instance.ts'
import { replayer } from './replay.ts'
import { slots } from './slots.ts'
import { childFailed, endingFor, isChildOf } from './sub-orchestration.ts'

/** How long a graceful stop waits for running activities, in milliseconds; after that they will run again at the next start. */
const GRACE = 5_000

export interface EngineOptions {
  readonly store: InstanceStore
  readonly runtime: Runtime
  readonly clock: Clock
  readonly maxConcurrentActivities: number
  readonly maxConcurrentOrchestrators: number
  /** The store could not be written: the engine has halted, another one has to start from the store. */
  readonly broken: (error: unknown) => void
}

/** The orchestrations of one task hub, of which it must be the only writer. */
export interface Engine {
  /** Undefined when created, else the status of the unfinished instance that has the id. Resolves after the first episode is saved. */
  create(creation: NewInstance): Promise<RuntimeStatus | undefined>
  /** Resolves when the event and its effects are saved. */
  send(instanceId: string, event: HistoryEvent): Promise<'taken' | 'ended' | 'unknown'>
  get(instanceId: string): Promise<Instance | undefined>
  /** Every instance by id. */
  readonly summaries: ReadonlyMap<string, InstanceSummary>
  /** Forgets an ended instance; false if there is none. */
  purge(instanceId: string): Promise<boolean>
  /** Calls once the instance ends, at once if it has; gives how to call it off. */
  whenEnded(instanceId: string, call: () => void): () => void
  stop(): Promise<void>
  halt(): void
}

/** Reads the store and goes on with everything that is unfinished. */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const { store, clock } = options
  const summaries = await store.list()
  const live = new Map<string, LiveInstance>()
  const purging = new Map<string, Promise<void>>()
  const watchers = new Map<string, Set<() => void>>()
  const running = new Set<Promise<void>>()
  const runActivity = activityRunner(options.runtime)
  const activitySlot = slots(options.maxConcurrentActivities)
  const replay = inSlots(replayer(options.runtime), options.maxConcurrentOrchestrators)
  let closing = false

  function halt(): void {
    closing = true
    for (const instance of live.values()) instance.halt()
  }

  function bring(instance: Instance, etag: string | undefined): LiveInstance {
    const brought = liveInstance(instance, etag, { now: clock.now, replay, save, begin, ended, broken })
    live.set(instance.instanceId, brought)
    return brought
  }

  function broken(error: unknown): void {
    if (closing) return
    halt()
    options.broken(error)
  }

  async function save(instance: Instance, etag: string | undefined): Promise<string> {
    const { instanceId, status, createdTime } = instance
    const saved = await store.save(instance, etag)
    summaries.set(instanceId, { status, createdTime, etag: saved })
    return saved
  }

  function ended(instance: Instance): void {
    const { instanceId, parent } = instance
    live.delete(instanceId)
    for (const call of watchers.get(instanceId) ?? []) call()
    if (parent)
      live
        .get(parent.instanceId)
        ?.post(endingFor(parent, instance, clock.now()), parent.executionId)
        .catch(() => undefined)
  }

  function begin(instance: Instance, event: ScheduledEvent, report: (ending: EndingEvent) => void): () => void {
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
        if (!closing) track(beginChild(instance, event, reportUnlessCalledOff))
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

  /** Also after a crash: the child may be missing, be at work, or have ended without its parent having heard. */
  async function beginChild(
    instance: Instance,
    event: SubOrchestrationInstanceCreated,
    report: (ending: EndingEvent) => void,
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
    const known = await get(instanceId)
    if (known && isChildOf(known, parent)) {
      if (isEnded(known)) report(endingFor(parent, known, clock.now()))
      return
    }
    const existing = await create({ instanceId, name, input, version, parent })
    if (existing) fail(alreadyExists(existing))
  }

  async function get(instanceId: string): Promise<Instance | undefined> {
    const current = live.get(instanceId)?.current
    if (current) return current
    return summaries.has(instanceId) ? (await store.load(instanceId))?.instance : undefined
  }

  async function create(creation: NewInstance): Promise<RuntimeStatus | undefined> {
    if (closing) throw new Error('The host is stopping.')
    await purging.get(creation.instanceId)
    const existing = live.get(creation.instanceId)
    if (existing) return existing.current.status
    const instance = createInstance(creation, clock.now())
    await bring(instance, summaries.get(creation.instanceId)?.etag).post(executionStarted(instance, clock.now()))
    return undefined
  }

  async function purge(instanceId: string): Promise<boolean> {
    const summary = summaries.get(instanceId)
    if (!summary || live.has(instanceId)) return false
    summaries.delete(instanceId)
    const removal = store.remove(instanceId, summary.etag).finally(() => purging.delete(instanceId))
    purging.set(instanceId, removal)
    await removal
    return true
  }

  const unfinished = [...summaries].filter(([, summary]) => !isEnded(summary)).map(([instanceId]) => store.load(instanceId))
  for (const found of await Promise.all(unfinished)) if (found) bring(found.instance, found.etag)
  for (const instance of [...live.values()]) instance.wake()

  return {
    summaries,
    create,
    get,
    purge,
    halt,
    async send(instanceId, event) {
      if (closing) throw new Error('The host is stopping.')
      const receiver = live.get(instanceId)
      if (!receiver) return summaries.has(instanceId) ? 'ended' : 'unknown'
      return (await receiver.post(event)) ? 'taken' : 'ended'
    },
    whenEnded(instanceId, call) {
      if (!live.has(instanceId)) call()
      const calls = watchers.get(instanceId) ?? new Set()
      watchers.set(instanceId, calls.add(call))
      return () => {
        calls.delete(call)
        if (calls.size === 0) watchers.delete(instanceId)
      }
    },
    async stop() {
      closing = true
      await settledWithin(clock, GRACE, [...running])
      await Promise.all([...live.values()].map((instance) => instance.idle()))
      halt()
    },
  }
}

export const alreadyExists = (status: RuntimeStatus) => `An Orchestration instance with the status ${status} already exists.`

function inSlots(replay: Replay, limit: number): Replay {
  const slot = slots(limit)
  return (instance, history) => slot(() => replay(instance, history))
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
