import type { Clock } from '../clock.ts'
import type { Alarm } from './azure.ts'
import type { JsonObject } from './resource.ts'
import type { State } from './state.ts'

const TABLE = 'alarms'

export interface Alarms {
  arm(alarm: Alarm): void
  disarm(key: string): void
  /** Wakes for everything in the state; call once after loading. */
  start(run: (alarm: { provider: string; run: string; input: JsonObject }) => void): void
  /** Wakes for nothing more. */
  stop(): void
}

/** What falls due later. The state is the truth; the clock is armed only after the change that set the alarm is in the journal. */
export function alarmsOf(state: State, clock: Clock, speed: number, log: (line: string) => void): Alarms {
  const waiting = new Map<string, () => void>()
  const table = state.table(TABLE)
  let wake: (key: string) => void = () => {}
  let stopped = false

  function rearm(key: string): void {
    waiting.get(key)?.()
    waiting.delete(key)
    const alarm = table.get(key)
    if (alarm && !stopped)
      waiting.set(
        key,
        clock.after(Math.max(0, Number(alarm.at) - clock.now()), () => wake(key)),
      )
  }

  return {
    arm({ key, inSeconds, ...alarm }) {
      table.put(key, { ...alarm, at: clock.now() + (inSeconds * 1000) / speed })
    },
    disarm: (key) => table.delete(key),
    start(run) {
      wake = (key) => {
        waiting.delete(key)
        const alarm = table.get(key)
        if (!alarm || stopped) return
        try {
          state.change(() => {
            table.delete(key)
            run({ provider: String(alarm.provider), run: String(alarm.run), input: alarm.input as JsonObject })
          })
        } catch (error) {
          log(`alarm ${key} failed and is dropped: ${error instanceof Error ? error.stack : error}`)
          if (!stopped) state.change(() => table.delete(key))
        }
      }
      state.onCommit((entries) => {
        for (const [name, key] of entries) if (name === TABLE) rearm(key)
      })
      for (const [key] of table.entries()) rearm(key)
    },
    stop() {
      stopped = true
      for (const cancel of waiting.values()) cancel()
      waiting.clear()
    },
  }
}
