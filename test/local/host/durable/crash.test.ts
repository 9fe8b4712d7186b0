import { setTimeout as pause } from 'node:timers/promises'
import { azurite } from '../../../azurite.ts'
import { until } from '../../../until.ts'
import { hostProcess } from '../host-process.ts'
import { appFolder } from '../test-host.ts'
import { type Status, taskHub } from './task-hub.ts'

const seed = Number(process.env.SEED ?? Date.now() % 100_000)
const LIVES = 12
/** Of the three rounds: one + 2+3+4 + the event's 100 + round + 1 + 10, each on top of the one before. */
const OUTPUT = 3 * (1 + 9 + 100 + 1 + 10) + (0 + 1 + 2)

/** Mulberry32: numbers from 0 to 1 that depend on the seed alone. */
function randomNumbers(state: number): () => number {
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Starts what has not been started, and raises every event anew: a caller cannot know what a dead host had taken. */
async function push(hub: ReturnType<typeof taskHub>, ids: readonly string[], started: Set<string>): Promise<void> {
  await Promise.all(
    ids.map(async (id) => {
      if (!started.has(id) && [202, 409].includes((await hub.start('journey', id, { round: 0, total: 0 })).status)) started.add(id)
      for (const round of [0, 1, 2]) await hub.raise(id, `go-${round}`, 100)
    }),
  )
}

test(`nothing is lost or done twice when the host is killed ${LIVES} times (SEED=${seed})`, async () => {
  const app = await appFolder('journey')
  const environment = { AzureWebJobsStorage: azurite().connectionString }
  const random = randomNumbers(seed)
  const ids: string[] = []
  const started = new Set<string>()
  const live = async () => {
    const host = hostProcess(['--app', app, '--port', '0'], environment)
    const ready = await host.ready
    if (!ready) throw new Error(host.errors())
    return { ...host, hub: taskHub(ready) }
  }

  for (let life = 0; life < LIVES; life++) {
    const host = await live()
    ids.push(`journey-${2 * life}`, `journey-${2 * life + 1}`)
    const end = Date.now() + 20 + random() * 300
    while (Date.now() < end) {
      await Promise.race([push(host.hub, ids, started), pause(Math.max(1, end - Date.now()))])
    }
    host.child.kill('SIGKILL')
    await host.exit
  }

  const { hub, child } = await live()
  const finished = await until(async () => {
    await push(hub, ids, started)
    const found = await Promise.all(ids.map((id) => hub.status(id, 'showHistory=true')))
    return found.every(({ runtimeStatus }) => runtimeStatus === 'Completed') ? found : undefined
  })
  expect(finished.map(({ output }) => output)).toEqual(ids.map(() => OUTPUT))
  for (const journey of finished) expect(lastRound(journey)).toEqual({ 'add-one': 4, 'side-trip': 1, stumble: 1, timers: true })
  child.kill('SIGTERM')
}, 90_000)

/** How often each task was completed, and whether every timer fired once. */
function lastRound({ historyEvents = [] }: Status) {
  const count = (type: RegExp, name?: string) =>
    historyEvents.filter(({ EventType, FunctionName }) => type.test(EventType) && (name === undefined || FunctionName === name)).length
  const completed = (name: string) => count(/^(Task|SubOrchestrationInstance)Completed$/, name)
  return {
    ...Object.fromEntries(['add-one', 'side-trip', 'stumble'].map((name) => [name, completed(name)])),
    timers: count(/^TimerCreated$/) === count(/^TimerFired$/),
  }
}
