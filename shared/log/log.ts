import { type Events, events, type LogLevel } from './events.ts'

/** Logs one event of the catalogue. */
export type Log = <Name extends keyof Events>(event: Name, fields: Events[Name]) => void

/** Takes one finished line, a JSON object. */
export type LogSink = (level: LogLevel, line: string) => void

export function createLog(sink: LogSink): Log {
  return (event, fields) => sink(events[event].level, JSON.stringify({ event, ...fields }))
}
