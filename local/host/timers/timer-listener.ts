import type { Clock } from '../../clock.ts'
import type { Log } from '../host-event.ts'
import { invokeWithRetries } from '../retry.ts'
import type { LoadedFunction, Runtime } from '../runtime.ts'
import type { Schedule } from './schedule.ts'
import { type TimerMonitor, type TimerStatus, writtenStatus } from './timer-status.ts'

export interface TimerListenerOptions {
  readonly fn: LoadedFunction
  readonly schedule: Schedule
  /** Absent when the schedule is denser than a minute or the binding says `useMonitor: false`. */
  readonly monitor: TimerMonitor | undefined
  readonly runtime: Runtime
  readonly clock: Clock
  readonly log: Log
}

/** One timer function while this host is the one that runs it. */
export interface TimerListener {
  /** Runs at once what is past due or wanted on start-up, then by the schedule; a run ends before the next is planned. */
  start(): Promise<void>
  /** No more runs; ends when the running one has ended. */
  stop(): Promise<void>
  kill(): void
  /** Runs it now, whatever the schedule says. */
  run(): Promise<void>
}

export function timerListener({ fn, schedule, monitor, runtime, clock, log }: TimerListenerOptions): TimerListener {
  let status: TimerStatus | undefined
  let cancel = () => {}
  const stopping = new AbortController()
  let killed = false
  let running: Promise<void> = Promise.resolve()

  async function invoke(isPastDue: boolean, known: TimerStatus | undefined): Promise<void> {
    const info = { Schedule: { AdjustForDST: true }, ScheduleStatus: known ? writtenStatus(known) : null, IsPastDue: isPastDue }
    try {
      await invokeWithRetries(runtime, clock, fn, { trigger: { json: JSON.stringify(info) } }, stopping.signal)
    } catch (error) {
      log({ level: 'error', category: 'host', function: fn.name, message: `Executed 'Functions.${fn.name}' (Failed)`, error })
    }
  }

  async function occur(isPastDue: boolean): Promise<void> {
    const last = clock.now()
    await invoke(isPastDue, status)
    if (killed) return
    await note(last)
    plan()
  }

  /** The monitor is a convenience: a timer runs on though it cannot be written. */
  async function note(last: number | undefined): Promise<void> {
    const updated = clock.now()
    const next = schedule.next(updated)
    if (!monitor || next === undefined) return
    status = { last, next, updated }
    await monitor.write(fn.name, status).catch((error: unknown) => {
      log({ level: 'warning', category: 'host', function: fn.name, message: `The status of timer ${fn.name} was not saved.`, error })
    })
  }

  function plan(): void {
    const now = clock.now()
    const next = schedule.next(now)
    if (stopping.signal.aborted || next === undefined) return
    cancel = clock.after(next - now, () => {
      running = occur(false)
    })
  }

  /** A run that fell into a time without a host. A schedule that has changed since then has missed nothing. */
  function isPastDue(): boolean {
    if (!status || schedule.next(status.updated) !== status.next) return false
    return clock.now() > status.next
  }

  return {
    async start() {
      status = await monitor?.read(fn.name)
      if (stopping.signal.aborted) return
      const pastDue = isPastDue()
      if (pastDue || fn.trigger.runOnStartup === true) {
        running = occur(pastDue)
        return
      }
      if (!status || schedule.next(status.updated) !== status.next) await note(status?.last)
      plan()
    },
    async stop() {
      stopping.abort()
      cancel()
      await running
    },
    kill() {
      stopping.abort()
      killed = true
      cancel()
    },
    async run() {
      await invoke(false, await monitor?.read(fn.name))
    },
  }
}
