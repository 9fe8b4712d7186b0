import { monitorEventLoopDelay } from 'node:perf_hooks'
import { percentile } from '../statistics.ts'
import { pause } from '../wait.ts'
import { type Connection, openConnection } from './connection.ts'
import type { Load, LoadOutcome } from './load.ts'

export async function sendLoad(load: Load): Promise<LoadOutcome> {
  const latencies: number[] = []
  const answers: Record<string, number> = {}
  const open = () => openConnection(new URL(load.url), load.headers)
  const idle = await Promise.all(Array.from({ length: load.connections }, open))
  const held = monitorEventLoopDelay({ resolution: 1 })
  held.enable()
  const start = performance.now()
  const end = start + load.seconds * 1000

  async function ask(connection: Connection, since: number): Promise<Connection> {
    const status = await connection.send().catch(() => 'cut')
    latencies.push(performance.now() - since)
    answers[status] = (answers[status] ?? 0) + 1
    if (status !== 'cut') return connection
    connection.close()
    return open()
  }

  if (load.rate === undefined) await Promise.all(idle.map(keepBusy))
  else await keepRate(load.rate)
  const seconds = (performance.now() - start) / 1000
  for (const connection of idle) connection.close()
  return {
    requests: latencies.length,
    perSecond: latencies.length / seconds,
    answers,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    max: percentile(latencies, 1),
    heldUp: held.max / 1e6,
  }

  async function keepBusy(first: Connection): Promise<void> {
    let connection = first
    while (performance.now() < end) connection = await ask(connection, performance.now())
  }

  /** A request's time begins when it is due, so that waiting for a connection counts: a slow server cannot slow down its callers. */
  async function keepRate(rate: number): Promise<void> {
    const waiting: ((connection: Connection) => void)[] = []
    const take = () => idle.shift() ?? new Promise<Connection>((resolve) => waiting.push(resolve))
    const give = (connection: Connection) => {
      const next = waiting.shift()
      if (next) next(connection)
      else idle.push(connection)
    }
    const underWay: Promise<void>[] = []
    for (let due = start; due < end; due += 1000 / rate) {
      const early = due - performance.now()
      if (early > 0) await pause(early)
      const since = performance.now()
      underWay.push(
        Promise.resolve(take())
          .then((connection) => ask(connection, since))
          .then(give),
      )
    }
    await Promise.all(underWay)
  }
}
