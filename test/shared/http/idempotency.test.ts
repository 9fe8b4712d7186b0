import { z } from 'zod'
import { defineEndpoint } from '../../../shared/http/endpoint.ts'
import { createIdempotencyStore } from '../../../shared/http/idempotency-store.ts'
import { newKey } from '../../../shared/keys/key.ts'
import { createKeyStore } from '../../../shared/keys/key-store.ts'
import { invalid, ProblemError } from '../../../shared/problem.ts'
import { connectStorage } from '../../../shared/storage/connection.ts'
import { testServices } from '../../services.ts'
import { frontDoorClient } from './front-door-client.ts'

const DAY = 24 * 3_600_000
const firstKey = newKey()
const services = testServices({ SLIPWAY_FIRST_KEY: firstKey })
const ask = frontDoorClient(services)

let built: string[] = []
let hold: Promise<void> | undefined
const build = defineEndpoint({
  name: 'boats-build',
  method: 'POST',
  route: 'boats',
  role: 'operator',
  summary: 'Build a boat',
  status: 201,
  request: z.object({ name: z.string() }),
  response: z.object({ number: z.number() }),
  dryRun: z.object({ plan: z.string() }),
  handler: async ({ body: { name }, dryRun, origin }) => {
    if (dryRun) return { plan: name }
    if (name === 'bad') invalid('name', 'not this one')
    built.push(origin.id)
    if (name === 'away') throw new ProblemError({ code: 'transient', message: 'Storage is away.', retryable: true })
    const number = built.length
    await hold
    return { number }
  },
})
let keyNumber = 0
beforeEach(() => {
  built = []
  hold = undefined
  keyNumber++
})
const post = (name: string, { key = firstKey, idempotencyKey = `key ${keyNumber}`, query = {} } = {}) =>
  ask(build, { headers: { 'x-api-key': key, 'idempotency-key': idempotencyKey }, query, body: { name } })

test('the same key and body get the same answer, and the work is done once', async () => {
  const first = await post('Marie')
  const again = await post('Marie')
  expect([again.status, again.envelope.payload]).toEqual([201, { number: 1 }])
  expect(again.text).toBe(first.text)
  expect(again.headers['Idempotent-Replayed']).toBe('true')
  expect(built).toHaveLength(1)
})

test('the same key with another body is 422', async () => {
  await post('Marie')
  const { status, envelope } = await post('Anna')
  expect([status, envelope.code, envelope.error?.field]).toEqual([422, 422, 'Idempotency-Key'])
  expect(built).toHaveLength(1)
})

test('the same key of another caller is another key', async () => {
  const { key } = await createKeyStore(services.tables, services.clock).create({ name: 'other', role: 'operator', createdBy: 'test' })
  await post('Marie')
  expect((await post('Anna', { key })).envelope.payload).toEqual({ number: 2 })
})

test('while the first is being answered the second is 409', async () => {
  let release = () => {}
  hold = new Promise((resolve) => {
    release = resolve
  })
  const first = post('Marie')
  let status = 0
  // The first claims the key some time after it was sent; asked too early, the second would be the one to build.
  while (built.length === 0) await new Promise(setImmediate)
  status = (await post('Marie')).status
  release()
  expect([status, (await first).status, (await post('Marie')).status]).toEqual([409, 201, 201])
  expect(built).toHaveLength(1)
})

test('a claim whose process died is taken over after a minute, under the same request id', async () => {
  hold = new Promise(() => {})
  void post('Marie')
  while (built.length === 0) await new Promise(setImmediate)
  hold = undefined
  services.advance(59_000)
  expect((await post('Marie')).status).toBe(409)
  services.advance(1000)
  expect((await post('Marie')).status).toBe(201)
  expect(built).toHaveLength(2)
  expect(built[0]).toBe(built[1])
})

test('what failed may be tried again under its key', async () => {
  expect((await post('bad')).status).toBe(400)
  expect((await post('Marie')).status).toBe(201)
})

test('what broke off is the same request when it is tried again, at once', async () => {
  expect((await post('away')).status).toBe(503)
  expect((await post('Marie')).status).toBe(422)
  expect((await post('away')).status).toBe(503)
  expect(built[0]).toBe(built[1])
})

test('a dry run uses up no key', async () => {
  expect((await post('Marie', { query: { dryRun: 'true' } })).status).toBe(200)
  expect((await post('Marie')).status).toBe(201)
})

test('after a day a key is free again', async () => {
  await post('Marie')
  services.advance(DAY)
  expect((await post('Anna')).status).toBe(201)
})

test('the purge removes what a key has stood for, once its day is over', async () => {
  const rows = async () => {
    let count = 0
    const connectionString = services.settings.storageConnectionString ?? ''
    for (const table of ['slipwayidempotency', 'slipwayexpiries']) {
      for await (const _ of connectStorage({ connectionString })(table).listEntities()) count++
    }
    return count
  }
  const store = createIdempotencyStore(services.tables, services.clock)
  services.advance(DAY)
  await store.purge()
  expect(await rows()).toBe(0)

  for (let index = 0; index < 60; index++) await post('Marie', { idempotencyKey: `old ${index}` })
  services.advance(DAY - 1000)
  await post('Marie', { idempotencyKey: 'young' })
  services.advance(1000)
  await post('Marie', { idempotencyKey: 'old 1' })
  await store.purge()
  expect(await rows()).toBe(4)
  expect((await post('Marie', { idempotencyKey: 'young' })).headers['Idempotent-Replayed']).toBe('true')
  expect((await post('Marie', { idempotencyKey: 'old 1' })).headers['Idempotent-Replayed']).toBe('true')
})

test('a key of any characters works, one that is too long is refused', async () => {
  expect((await post('Marie', { idempotencyKey: 'a/b\\c#d?é' })).status).toBe(201)
  expect((await post('Marie', { idempotencyKey: 'k'.repeat(256) })).status).toBe(400)
})
