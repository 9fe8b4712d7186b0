import { isType } from '../binding.ts'
import type { Extension, HostContext } from '../extension.ts'
import { holdLease, type Lease } from '../lease.ts'
import type { LoadedFunction } from '../runtime.ts'
import { StartError } from '../start-error.ts'
import { parseSchedule, type Schedule, spacing } from './schedule.ts'
import { type TimerListener, timerListener } from './timer-listener.ts'
import { timerMonitor } from './timer-status.ts'

/** Milliseconds: the official host keeps no status for timers that come more often. */
const LEAST_MONITORED = 60_000

/**
 * Timer triggers. Of several hosts with one host id a single one runs them, by lease; the others serve everything else and take over
 * when it ends.
 */
export function timersExtension({ clock, hostId, log, runtime, settings, storage }: HostContext): Extension {
  const monitor = timerMonitor(storage, hostId)
  const giveUp = new AbortController()
  let lease: Lease | undefined
  let turn: Promise<void> = Promise.resolve()

  function listener(fn: LoadedFunction): TimerListener {
    const schedule = scheduleOf(fn, settings.WEBSITE_TIME_ZONE ?? settings.TZ)
    const isMonitored = fn.trigger.useMonitor !== false && spacing(schedule, clock.now()) >= LEAST_MONITORED
    return timerListener({ fn, schedule, monitor: isMonitored ? monitor : undefined, runtime, clock, log })
  }

  const functions = [...runtime.functions.values()].filter((fn) => isType(fn.trigger, 'timerTrigger'))
  const listeners = new Map(functions.map((fn) => [fn.name, listener(fn)]))
  let active: TimerListener[] = []

  /** Waits for the lease, runs the timers, and queues up again should the lease be lost. */
  async function takeTurns(ready: () => void): Promise<void> {
    while (!giveUp.signal.aborted) {
      lease = await holdLease({ storage, name: `locks/${hostId}/timers`, waiting: ready, signal: giveUp.signal })
      if (giveUp.signal.aborted) return lease.release()
      active = functions.filter((fn) => !fn.disabled).map(listener)
      for (const timer of active) await timer.start()
      ready()
      await Promise.race([lease.lost, aborted(giveUp.signal)])
      if (giveUp.signal.aborted) return
      log({ level: 'warning', category: 'host', message: 'Another host has taken the timers over; waiting for the lease.' })
      await Promise.all(active.map((timer) => timer.stop()))
    }
  }

  return {
    name: 'timers',
    start() {
      return new Promise((resolve, reject) => {
        turn = takeTurns(resolve).catch((error: unknown) => {
          if (giveUp.signal.aborted) resolve()
          else reject(error)
        })
      })
    },
    async stop() {
      giveUp.abort()
      await turn
      await Promise.all(active.map((timer) => timer.stop()))
      await lease?.release()
    },
    kill() {
      giveUp.abort()
      lease?.abandon()
      for (const timer of active) timer.kill()
    },
    run: (fn) => listeners.get(fn.name)?.run(),
  }
}

function scheduleOf(fn: LoadedFunction, timezone: string | undefined): Schedule {
  try {
    return parseSchedule(String(fn.trigger.schedule), timezone)
  } catch (cause) {
    throw new StartError('app-failed', `Function ${fn.name}: the schedule '${fn.trigger.schedule}' cannot be read.`, { cause })
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
