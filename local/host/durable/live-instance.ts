import { isRunnable, type Replay, receive, runEpisode } from './episode.ts'
import type { EndingEvent, HistoryEvent, ScheduledEvent } from './history-event.ts'
import { type Instance, isEnded, outstanding } from './instance.ts'
import type { StoredInstance } from './instance-store.ts'

/** An instance that has not ended: takes messages one turn at a time, saves, and only then lets anything out. */
export interface LiveInstance {
  /** As last saved; before the first save, as created. */
  readonly current: Instance
  /** Goes on with what is outstanding; after a start of the host. */
  wake(): void
  /**
   * Resolves when the message and all that it caused is saved: true, or false if the instance had ended before.
   * `executionId`: drop it if the instance has been continued as new since.
   */
  post(event: HistoryEvent, executionId?: string): Promise<boolean>
  /** Resolves when it does nothing but wait. */
  idle(): Promise<void>
  /** No more effects, whatever is under way. */
  halt(): void
}

export interface Surroundings {
  readonly now: () => number
  readonly replay: Replay
  readonly save: (instance: Instance, etag: string | undefined) => Promise<string>
  readonly begin: Begin
  readonly ended: (stored: StoredInstance) => void
  /** Nothing could be saved: the whole store has to be read again. */
  readonly broken: (error: unknown) => void
}

/** Sets work going; gives how to call it off. `mayHaveBegun`: an earlier host may have done so, and more. */
export type Begin = (instance: Instance, event: ScheduledEvent, report: (ending: EndingEvent) => void, mayHaveBegun: boolean) => () => void

interface Letter {
  readonly event: HistoryEvent
  readonly executionId: string | undefined
  readonly settle: PromiseWithResolvers<boolean>
}

export function liveInstance(first: Instance, etag: string | undefined, surroundings: Surroundings): LiveInstance {
  const { now, replay, save, begin, ended, broken } = surroundings
  const underway = new Map<number, () => void>()
  let current = first
  const mailbox: Letter[] = []
  let turning: Promise<void> | undefined
  let halted = false

  function turn(): void {
    if (halted) refuse()
    else
      turning ??= work().finally(() => {
        turning = undefined
        // A message may have come in after the last look into the mailbox.
        if (mailbox.length > 0) turn()
      })
  }

  async function work(): Promise<void> {
    // Messages of the same moment share a turn.
    await undefined
    let letters: Letter[] = []
    try {
      while (!halted && !isEnded(current) && (mailbox.length > 0 || isRunnable(current))) {
        letters = mailbox.splice(0)
        const next = await afterEpisode(letters)
        if (!halted && next !== current) {
          etag = await save(next, etag)
          if (!halted) adopt(next, etag)
        }
        if (halted) break
        for (const { settle } of letters.splice(0)) settle.resolve(true)
      }
      if (isEnded(current)) for (const { settle } of mailbox.splice(0)) settle.resolve(false)
    } catch (error) {
      halt()
      broken(error)
    }
    mailbox.unshift(...letters)
    if (halted) refuse()
  }

  async function afterEpisode(letters: readonly Letter[]): Promise<Instance> {
    const events = letters
      .filter(({ executionId }) => executionId === undefined || executionId === current.executionId)
      .map(({ event }) => event)
    const next = receive(current, events, now())
    return isRunnable(next) ? runEpisode(next, replay, now()) : next
  }

  function adopt(next: Instance, saved: string): void {
    const continued = next.executionId !== current.executionId
    current = next
    if (continued) callOffAll()
    reconcile()
    if (isEnded(next)) ended({ instance: next, etag: saved })
  }

  /** What is going on becomes what must be going on. */
  function reconcile(mayHaveBegun = false): void {
    const wanted = outstanding(current)
    for (const [id, callOff] of underway) {
      if (wanted.has(id)) continue
      callOff()
      underway.delete(id)
    }
    const { executionId } = current
    const report = (ending: EndingEvent) => void post(ending, executionId).catch(() => undefined)
    for (const [id, event] of wanted) if (!underway.has(id)) underway.set(id, begin(current, event, report, mayHaveBegun))
  }

  function callOffAll(): void {
    for (const callOff of underway.values()) callOff()
    underway.clear()
  }

  function post(event: HistoryEvent, executionId?: string): Promise<boolean> {
    const settle = Promise.withResolvers<boolean>()
    mailbox.push({ event, executionId, settle })
    turn()
    return settle.promise
  }

  function refuse(): void {
    for (const { settle } of mailbox.splice(0)) settle.reject(new Error('The host has stopped.'))
  }

  function halt(): void {
    halted = true
    callOffAll()
  }

  return {
    get current() {
      return current
    },
    wake() {
      reconcile(true)
      turn()
    },
    post,
    async idle() {
      while (turning) await turning
    },
    halt() {
      halt()
      if (!turning) refuse()
    },
  }
}
