import type { Clock } from '../../clock.ts'
import { type EndingEvent, EventType, stamp, type TimerCreated } from './history-event.ts'

/** Rings no earlier than its time: the orchestrator compares, and system timers may be a little early. Gives how to call it off. */
export function armTimer(clock: Clock, event: TimerCreated, report: (ending: EndingEvent) => void): () => void {
  const fireAt = Date.parse(event.FireAt)
  let cancel = () => {}
  const ring = () => {
    if (clock.now() < fireAt) cancel = clock.after(fireAt - clock.now(), ring)
    else report({ EventType: EventType.TimerFired, ...stamp(clock.now()), TimerId: event.EventId, FireAt: event.FireAt })
  }
  ring()
  return () => cancel()
}
