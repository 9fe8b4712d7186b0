import { cpSync, existsSync, readFileSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { isAlive } from '../is-alive.ts'
import { until } from '../until.ts'
import { discard, type LocalWorld, openLocalWorld, startLocalWorld } from '../world.ts'
import { Api } from './api.ts'
import { openBooks } from './sweep/books.ts'
import { insist } from './sweep/insist.ts'
import { bring, create, remove, stop } from './sweep/journey.ts'
import { tryOnceMore } from './sweep/once-more.ts'
import { type Choices, choices, tell } from './sweep/seed.ts'

tryOnceMore()

/** A machine is ten seconds in the making: longer than the storage emulator lets pass between two writes of its files. */
const SLOW = ['--speed', '4']
const FAST = ['--speed', '200']
/** Below the ports that the system hands out. */
const PORTS = [20_000, 30_000] as const

let world: LocalWorld | undefined
let chosen: Choices
beforeEach(() => {
  chosen = choices()
  tell(`everything killed at once, SLIPWAY_SWEEP_SEED=${chosen.seed}`)
})
afterEach(() => discard(world))

/** On a port that can be kept: the machines know the API by it. */
async function start(...options: readonly string[]): Promise<LocalWorld> {
  world = await startLocalWorld('--port', `${chosen.between(...PORTS)}`, ...options)
  return world
}

async function startAgain({ data, api }: LocalWorld, ...options: readonly string[]): Promise<LocalWorld> {
  world = await openLocalWorld(data, '--port', new URL(api).port, ...options)
  return world
}

const booksOf = ({ azure, storage }: LocalWorld) => openBooks({ state: () => insist(`${azure}/_slipway/state`), storage })

async function killAll({ pid }: LocalWorld): Promise<void> {
  const pids = (['start', 'host', 'azure', 'storage'] as const).map(pid)
  for (const each of pids) process.kill(each, 'SIGKILL')
  await until(() => !pids.some(isAlive))
}

const storageOf = ({ data }: LocalWorld) => path.join(data, 'storage')

const tablesOf = (world: LocalWorld) => path.join(storageOf(world), '__azurite_db_table__.json')

/** Milliseconds between two writes of the storage emulator's files. */
const SAVE_EVERY = 5000

/** Resolves when the storage emulator will write its files in a moment. */
const nearlySaving = (world: LocalWorld) =>
  until(() => existsSync(tablesOf(world)) && (Date.now() - statSync(tablesOf(world)).mtimeMs) % SAVE_EVERY > 0.7 * SAVE_EVERY)

const hasSaved = (world: LocalWorld, text: string) => existsSync(tablesOf(world)) && readFileSync(tablesOf(world), 'utf8').includes(text)

test('everything is killed while a cluster is made, and storage has lost the last seconds: the ledger is right again, and the cluster goes without a trace', async () => {
  const first = await start(...SLOW)
  const books = await booksOf(first)
  await nearlySaving(first)
  const id = await create(new Api(first), 'torn')
  await until(() => hasSaved(first, id))
  const saved = `${first.data}-saved`
  cpSync(storageOf(first), saved, { recursive: true })
  const before = await books.made('torn', id)
  await until(async () => (await books.made('torn', id)).some((made) => made.includes('/virtualmachines/')))
  await killAll(first)
  rmSync(storageOf(first), { recursive: true })
  cpSync(saved, storageOf(first), { recursive: true })
  rmSync(saved, { recursive: true })

  const second = await startAgain(first, ...SLOW)
  const torn = await books.made('torn', id)
  expect(torn.length).toBeGreaterThan(before.length)
  // Azure tags no disk that it makes with a machine.
  const tagged = torn.filter((made) => !made.includes('/disks/'))
  await until(async () => expect.arrayContaining(tagged).asymmetricMatch((await books.ledger(id)).map((entry) => entry.split(' ')[0])))
  await remove({ api: new Api(second), books }, 'torn', id)
}, 120_000)

test.each(['stop', 'delete'] as const)(
  'everything is killed while a cluster is to %s: it does after the next start',
  async (what) => {
    const first = await start(...FAST)
    const books = await booksOf(first)
    const sweep = { api: new Api(first), books }
    const id = await bring(sweep, 'mine')
    const [path, method] = what === 'stop' ? ['/stop', 'PUT'] : ['', 'DELETE']
    const { payload } = await sweep.api.call<{ operation: string }>(method, `/api/clusters/${id}${path}`)
    await until(() => hasSaved(first, payload.operation))
    await killAll(first)

    const second = { api: new Api(await startAgain(first, ...FAST)), books }
    await (what === 'stop' ? stop(second, 'mine', id) : remove(second, 'mine', id))
  },
  120_000,
)
