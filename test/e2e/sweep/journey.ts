import { until } from '../../until.ts'
import { type Api, createRequest } from '../api.ts'
import { waitFor } from '../waiters.ts'
import type { Books } from './books.ts'

export interface Life {
  readonly api: Api
  readonly books: Books
}

export interface Sweep extends Life {
  /** Told what a cluster is about to go through. */
  readonly enter: (cluster: string, phase: Phase) => void
}

export type Phase = 'create' | 'stop' | 'start' | 'delete'

const NODES = 3
/** A machine, its network interface and two disks. */
const PER_NODE = 4
/** Network, security group and public address. */
const SHARED = 3

/** A head, a database node and a worker: every kind of resource and of node is there. */
const shape = (name: string) => ({
  name,
  blobContainerName: name,
  clusterConfiguration: {
    head: { instanceType: 'Standard_D2s_v4', diskSize: 256, haEnabled: false },
    workers: [{ instanceType: 'Standard_D2s_v4', diskSize: 128, count: 1 }],
  },
})

/** A cluster from the request until it runs: everything is there, made once, and in the ledger. Answers its id. */
export async function bring({ api, books }: Life, name: string): Promise<string> {
  const since = Date.now()
  const id = await create(api, name)
  await ends(api, id, 'run', 'running')
  expect(await agree(books, name, id)).toHaveLength(NODES * PER_NODE + SHARED)
  expect(await books.madeTwice(name, id, since)).toEqual([])
  return id
}

/** The whole life of a cluster; after each step both sides of the books agree. Throws what a user would complain about. */
export async function journey(sweep: Sweep, name: string): Promise<void> {
  const { api, books, enter } = sweep
  enter(name, 'create')
  const id = await bring(sweep, name)
  const whole = await agree(books, name, id)

  enter(name, 'stop')
  await stop(sweep, name, id)

  const stopped = Date.now()
  enter(name, 'start')
  await ask(api, 'PUT', id, '/start', ['starting', 'rondb-initializing', 'starting-hopsworks', 'running'])
  await ends(api, id, 'run', 'running')
  expect(await agree(books, name, id)).toEqual(whole)
  expect(await books.madeTwice(name, id, stopped)).toEqual([])

  enter(name, 'delete')
  await remove(sweep, name, id)
}

/** Stops a cluster; its workers go. */
export async function stop({ api, books }: Life, name: string, id: string): Promise<void> {
  await ask(api, 'PUT', id, '/stop', ['stopping', 'stopped'])
  await ends(api, id, 'stop', 'stopped')
  expect(await agree(books, name, id)).toHaveLength((NODES - 1) * PER_NODE + SHARED)
}

/** Deletes a cluster in whatever state it is, until nothing of it is left. */
export async function remove({ api, books }: Life, name: string, id: string): Promise<void> {
  await ask(api, 'DELETE', id, '', ['shutting-down', 'gone'])
  await ends(api, id, 'delete', 'gone')
  expect(await books.made(name, id)).toEqual([])
  expect(await books.ledger(id)).toEqual([])
}

/** What is made for a cluster, which the ledger knows to the last piece. */
async function agree(books: Books, name: string, id: string): Promise<string[]> {
  const made = await books.made(name, id)
  expect(await books.ledger(id)).toEqual(made)
  return made
}

/** As a script would: the same request under the same key until it is answered. */
export async function create(api: Api, name: string): Promise<string> {
  const key = { 'idempotency-key': crypto.randomUUID() }
  const answer = await until(async () => {
    const answer = await api.insist<{ id: string }>('POST', '/api/clusters', createRequest(shape(name)), key)
    // Whoever answered the first time may have died over it: "ask again".
    return answer.code === 409 && answer.message.includes('is being answered') ? undefined : answer
  }, PATIENCE_SECONDS)
  if (answer.code !== 202) throw new Error(`create: ${answer.code} ${answer.message}`)
  return answer.payload.id
}

/** More than an answer is waited for whose host has died. */
const PATIENCE_SECONDS = 90

/** `moved`: the states that show that an attempt was taken whose answer was cut off. */
async function ask(api: Api, method: string, id: string, path: string, moved: readonly string[]): Promise<void> {
  await until(async () => {
    const answer = await api.insist(method, `/api/clusters/${id}${path}`)
    return answer.code === 202 || moved.includes((await api.cluster(id))?.state ?? 'gone')
  }, PATIENCE_SECONDS)
}

async function ends(api: Api, id: string, waiter: Parameters<typeof waitFor>[2], wanted: string): Promise<void> {
  const { end, cluster } = await waitFor(api, id, waiter)
  if (end !== wanted) throw new Error(`${end} instead of ${wanted}: ${cluster?.errorMessage}: ${JSON.stringify(await api.operations(id))}`)
}
