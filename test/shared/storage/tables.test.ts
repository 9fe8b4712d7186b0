import { createDefaultHttpClient, type HttpClient, RestError } from '@azure/core-rest-pipeline'
import { z } from 'zod'
import { ProblemError } from '../../../shared/problem.ts'
import { connectStorage } from '../../../shared/storage/connection.ts'
import { StaleRowError } from '../../../shared/storage/table.ts'
import { createTables } from '../../../shared/storage/tables.ts'
import { update } from '../../../shared/storage/update.ts'
import { azurite } from '../../azurite.ts'

const account = azurite()
const connection = connectStorage(account)
const Note = z.object({ text: z.string(), count: z.number().optional() })
let tableNumber = 0
const freshTable = () => createTables(connection, 'test').table(`notes${tableNumber++}`, Note)

test('what is written is read back, with the number of its writes', async () => {
  const notes = freshTable()
  expect(await notes.get('p', 'r')).toBeUndefined()
  const first = await notes.insert('p', 'r', { text: 'one' })
  const second = await notes.replace(first, { text: 'two' })
  expect(await notes.get('p', 'r')).toEqual(second)
  expect(second).toMatchObject({ partition: 'p', row: 'r', value: { text: 'two' }, rev: 2 })
})

test('a row is made once, even when two make it at the same time', async () => {
  const notes = freshTable()
  const attempts = await Promise.allSettled([1, 2, 3].map((count) => notes.insert('p', 'r', { text: 'mine', count })))
  expect(attempts.filter((attempt) => attempt.status === 'fulfilled')).toHaveLength(1)
  await expect(notes.insert('p', 'r', { text: 'late' })).rejects.toMatchObject({ problem: { code: 'conflict' } })
})

test('of two who read the same row only one may replace it', async () => {
  const notes = freshTable()
  const read = await notes.insert('p', 'r', { text: 'start' })
  await notes.replace(read, { text: 'faster' })
  await expect(notes.replace(read, { text: 'slower' })).rejects.toBeInstanceOf(StaleRowError)
  await expect(notes.remove('p', 'r', read.etag)).rejects.toBeInstanceOf(StaleRowError)
  expect((await notes.get('p', 'r'))?.value).toEqual({ text: 'faster' })
})

test('a removed row cannot be replaced, and removing it again is fine', async () => {
  const notes = freshTable()
  const read = await notes.upsert('p', 'r', { text: 'start' })
  await notes.remove('p', 'r')
  await notes.remove('p', 'r')
  await expect(notes.replace(read, { text: 'ghost' })).rejects.toBeInstanceOf(StaleRowError)
})

test('ten who count up at the same time count to ten', async () => {
  const notes = freshTable()
  await notes.insert('p', 'r', { text: '', count: 0 })
  await Promise.all(Array.from({ length: 10 }, () => update(notes, 'p', 'r', (note) => ({ ...note, count: (note.count ?? 0) + 1 }))))
  expect((await notes.get('p', 'r'))?.value.count).toBe(10)
})

test('an update that finds nothing to do writes nothing', async () => {
  const notes = freshTable()
  await notes.insert('p', 'r', { text: 'as it is' })
  expect((await update(notes, 'p', 'r', () => undefined))?.rev).toBe(1)
  expect(await update(notes, 'p', 'absent', (note) => note)).toBeUndefined()
})

test.each([
  ['emoji beyond one column', `${'a'.repeat(29_991)}${'😀'.repeat(20_000)}`],
  ['text beyond a row', 'resource-group/'.repeat(100_000)],
])('%s comes back unharmed', async (_, text) => {
  const notes = freshTable()
  await notes.insert('p', 'r', { text })
  expect((await notes.get('p', 'r'))?.value.text === text).toBe(true)
})

test('a page goes on where the one before ended, over new and removed rows', async () => {
  const notes = freshTable()
  for (const row of ['a1', 'b1', 'b2', 'b3', 'c1']) await notes.insert('p', row, { text: row })
  await notes.insert('other', 'b2', { text: 'not ours' })
  const first = await notes.list('p', { limit: 2 })
  expect(first.items.map((item) => item.row)).toEqual(['a1', 'b1'])
  await notes.remove('p', 'b2')
  const second = await notes.list('p', { limit: 5, continuation: first.continuation ?? '' })
  expect(second.items.map((item) => item.row)).toEqual(['b3', 'c1'])
  expect(second.continuation).toBeUndefined()
  expect((await notes.list('p', { limit: 4 })).continuation).toBeUndefined()
  expect((await notes.list('p', { prefix: 'b' })).items.map((item) => item.row)).toEqual(['b1', 'b3'])
  expect((await notes.list('p', { from: 'b3' })).items.map((item) => item.row)).toEqual(['b3', 'c1'])
  expect(await notes.list('nobody')).toEqual({ items: [] })
})

test('a made-up continuation is refused', async () => {
  for (const continuation of ['%%%', Buffer.from('a\0b').toString('base64url'), Buffer.from('a/b').toString('base64url')]) {
    await expect(freshTable().list('p', { continuation })).rejects.toMatchObject({ problem: { code: 'invalid', field: 'continuation' } })
  }
})

test("a quote in a key reads no other partition's rows", async () => {
  const notes = freshTable()
  await notes.insert('p', 'r', { text: 'secret' })
  expect(await notes.list("x' or PartitionKey eq 'p")).toEqual({ items: [] })
  expect(await notes.get("x'", "r'")).toBeUndefined()
})

test('a row that does not fit its schema is told, not passed on', async () => {
  const tables = createTables(connection, 'test')
  await tables.table('drift', z.object({ other: z.number() })).insert('p', 'r', { other: 1 })
  await expect(tables.table('drift', Note).get('p', 'r')).rejects.toThrow('drift r does not fit its schema')
})

test('a write whose answer was lost is not taken for a rival', async () => {
  const real = createDefaultHttpClient()
  const losses = new Set(['POST', 'PUT'])
  const lossy: HttpClient = {
    async sendRequest(request) {
      const response = await real.sendRequest(request)
      if (request.url.includes('lossy') && losses.delete(request.method)) {
        throw new RestError('reset', { code: 'ECONNRESET', request })
      }
      return response
    },
  }
  await connection('testlossy').createTable()
  const notes = createTables(connectStorage(account, lossy), 'test').table('lossy', Note)
  const first = await notes.insert('p', 'r', { text: 'one' })
  const second = await notes.replace(first, { text: 'two' })
  expect(losses.size).toBe(0)
  expect(await notes.get('p', 'r')).toEqual(second)
})

test('storage that refuses the key is a permission problem with a remedy', async () => {
  const { connectionString } = azurite()
  const wrong = connectionString.replace(/AccountKey=[^;]+/, `AccountKey=${Buffer.from('wrong').toString('base64')}`)
  const notes = createTables(connectStorage({ connectionString: wrong }), 'test').table('notes', Note)
  const error = await notes.get('p', 'r').catch((error: unknown) => error)
  expect(error).toBeInstanceOf(ProblemError)
  expect(error).toMatchObject({ problem: { code: 'permission', remedy: expect.stringContaining('AzureWebJobsStorage') } })
})
