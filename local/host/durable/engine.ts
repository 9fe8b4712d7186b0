import type { Clock } from '../../clock.ts'
import type { Runtime } from '../runtime.ts'
import { activityRunner } from './activity.ts'
import { archive } from './archive.ts'
import type { Replay } from './episode.ts'
import type { HistoryEvent } from './history-event.ts'
import { createInstance, executionStarted, type Instance, isEnded, type NewInstance, type RuntimeStatus } from './instance.ts'
import type { InstanceStore, InstanceSummary, StoredInstance } from './instance-store.ts'
import { type LiveInstance, liveInstance } from './live-instance.ts'
import { replayer } from './replay.ts'
import { scheduledWork } from './scheduled-work.ts'
import { slots } from './slots.ts'
import { endingFor } from './sub-orchestration.ts'

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
  const replay = inSlots(replayer(options.runtime), options.maxConcurrentOrchestrators)
  const work = scheduledWork({ ...options, runActivity: activityRunner(options.runtime), get, create, broken })
  let closing = false

  function close(): void {
    closing = true
    work.close()
  }

  function halt(): void {
    close()
    for (const instance of live.values()) instance.halt()
  }

  function bring(instance: Instance, etag: string | undefined): LiveInstance {
    const brought = liveInstance(instance, etag, { now: clock.now, replay, save: store.save, begin: work.begin, ended, broken })
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
    watchers.delete(instanceId)
    if (!parent) return
    const ending = endingFor(parent, stored.instance, clock.now())
    live
      .get(parent.instanceId)
      ?.post(ending, parent.executionId)
      .catch(() => undefined)
  }

  async function get(instanceId: string): Promise<Instance | undefined> {
    return live.get(instanceId)?.current ?? archived.get(instanceId)
  }

  async function create(creation: NewInstance): Promise<RuntimeStatus | undefined> {
    await archived.settled(creation.instanceId)
    if (closing) throw new Error('The host is stopping.')
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
      if (!live.has(instanceId)) {
        call()
        return () => {}
      }
      const calls = watchers.get(instanceId) ?? new Set()
      watchers.set(instanceId, calls.add(call))
      return () => calls.delete(call)
    },
    async stop() {
      close()
      await work.settled()
      await Promise.all([...live.values()].map((instance) => instance.idle()))
      await archived.settled()
      halt()
    },
  }
}

/** An id that is in use again is told as it is now. */
function* merged(live: ReadonlyMap<string, LiveInstance>, archived: ReadonlyMap<string, InstanceSummary>) {
  for (const [instanceId, { current }] of live) yield [instanceId, current] as const
  for (const entry of archived) if (!live.has(entry[0])) yield entry
}

function inSlots(replay: Replay, limit: number): Replay {
  const slot = slots(limit)
  return (instance, history) => slot(() => replay(instance, history))
}
