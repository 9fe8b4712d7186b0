import { isRunnable, type Replay, receive, runEpisode } from './episode.ts'
import type { EndingEvent, HistoryEvent, ScheduledEvent } from './history-event.ts'
import { type Instance, isEnded, outstanding } from './instance.ts'

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
  /** Sets work going; gives how to call it off. */
  readonly begin: (instance: Instance, event: ScheduledEvent, report: (ending: EndingEvent) => void) => () => void
  readonly ended: (instance: Instance) => void
  /** Nothing could be saved: the whole store has to be read again. */
  readonly broken: (error: unknown) => void
}

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
          if (!halted) adopt(next)
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

  function adopt(next: Instance): void {
    const continued = next.executionId !== current.executionId
    current = next
    reconcile(continued)
    if (isEnded(next)) ended(next)
  }

  /** What is going on becomes what must be going on. */
  function reconcile(anew: boolean): void {
    const wanted = outstanding(current)
    for (const [id, callOff] of underway) {
      if (!anew && wanted.has(id)) continue
      callOff()
      underway.delete(id)
    }
    const { executionId } = current
    for (const [id, event] of wanted) {
      if (!underway.has(id))
        underway.set(
          id,
          begin(current, event, (ending) => void post(ending, executionId).catch(() => undefined)),
        )
    }
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
    for (const callOff of underway.values()) callOff()
    underway.clear()
  }

  return {
    get current() {
      return current
    },
    wake() {
      reconcile(false)
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
