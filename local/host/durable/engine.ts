import type { Clock } from '../../clock.ts'
import type { Runtime } from '../runtime.ts'
import { activityRunner } from './activity.ts'
import { archive } from './archive.ts'
import { armTimer } from './durable-timer.ts'
import type { Replay } from './episode.ts'
import {
  type EndingEvent,
  EventType,
  type HistoryEvent,
  type SubOrchestrationInstanceCreated,
  stamp,
  type TaskScheduled,
} from './history-event.ts'
import { createInstance, executionStarted, type Instance, isEnded, type NewInstance, type Parent, type RuntimeStatus } from './instance.ts'
import type { InstanceStore, InstanceSummary, StoredInstance } from './instance-store.ts'
import { type Begin, type LiveInstance, liveInstance } from './live-instance.ts'
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
  /** Every instance by id, at this moment. */
  summaries(): Promise<Iterable<readonly [instanceId: string, InstanceSummary]>>
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
  const archived = archive(store)
  const live = new Map<string, LiveInstance>()
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
    const brought = liveInstance(instance, etag, { now: clock.now, replay, save: store.save, begin, ended, broken })
    live.set(instance.instanceId, brought)
    return brought
  }

  function broken(error: unknown): void {
    if (closing) return
    halt()
    options.broken(error)
  }

  function ended(stored: StoredInstance): void {
    const { instanceId, parent } = stored.instance
    live.delete(instanceId)
    archived.add(stored).catch(broken)
    for (const call of watchers.get(instanceId) ?? []) call()
    if (!parent) return
    const ending = endingFor(parent, stored.instance, clock.now())
    live
      .get(parent.instanceId)
      ?.post(ending, parent.executionId)
      .catch(() => undefined)
  }

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
    const known = mayHaveBegun ? await get(instanceId) : undefined
    if (known && isChildOf(known, parent)) {
      if (isEnded(known)) report(endingFor(parent, known, clock.now()))
      return
    }
    const existing = await create({ instanceId, name, input, version, parent })
    if (existing) fail(alreadyExists(existing))
  }

  const get = async (instanceId: string) => live.get(instanceId)?.current ?? archived.get(instanceId)

  async function create(creation: NewInstance): Promise<RuntimeStatus | undefined> {
    if (closing) throw new Error('The host is stopping.')
    await archived.settled(creation.instanceId)
    const existing = live.get(creation.instanceId)
    if (existing) return existing.current.status
    const instance = createInstance(creation, clock.now())
    await bring(instance, undefined).post(executionStarted(instance, clock.now()))
    return undefined
  }

  for (const stored of await store.loadAll()) {
    if (isEnded(stored.instance)) archived.add(stored).catch(broken)
    else bring(stored.instance, stored.etag)
  }
  for (const instance of [...live.values()]) instance.wake()

  return {
    create,
    get,
    halt,
    async summaries() {
      return merged(live, await archived.summaries())
    },
    async purge(instanceId) {
      return !live.has(instanceId) && archived.remove(instanceId)
    },
    async send(instanceId, event) {
      if (closing) throw new Error('The host is stopping.')
      const receiver = live.get(instanceId)
      if (!receiver) return (await archived.get(instanceId)) ? 'ended' : 'unknown'
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
      await archived.settled()
      halt()
    },
  }
}

export const alreadyExists = (status: RuntimeStatus) => `An Orchestration instance with the status ${status} already exists.`

/** An id that is in use again is told as it is now. */
function* merged(live: ReadonlyMap<string, LiveInstance>, archived: ReadonlyMap<string, InstanceSummary>) {
  for (const [instanceId, { current }] of live) yield [instanceId, current] as const
  for (const entry of archived) if (!live.has(entry[0])) yield entry
}

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
