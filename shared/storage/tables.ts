import { randomUUID } from 'node:crypto'
import type { TableClient } from '@azure/data-tables'
import type { ZodType } from 'zod'
import { once } from '../once.ts'
import { ProblemError } from '../problem.ts'
import type { StorageConnection } from './connection.ts'
import { readPage } from './page.ts'
import { columnsOf, type DataColumns, valueFrom } from './row.ts'
import { statusOf, storageError } from './storage-error.ts'
import { StaleRowError, type Stored, type Table, type Tables } from './table.ts'

type Entity = Readonly<Record<string, unknown>> & { readonly etag: string }
type NewEntity = DataColumns & { readonly partitionKey: string; readonly rowKey: string; readonly rev: number; readonly write: string }
type Write = (client: TableClient, entity: NewEntity) => Promise<{ etag?: string }>

/** Tables in the storage account, each named with the prefix. */
export function createTables(connection: StorageConnection, prefix: string): Tables {
  // Stores ask for their table at every call: it is made, and its connection opened, at the first one.
  const known = new Map<string, { readonly client: TableClient; readonly made: () => Promise<void> }>()

  function open(name: string) {
    const client = connection(`${prefix}${name}`)
    const opened = { client, made: once(() => client.createTable()) }
    known.set(name, opened)
    return opened
  }

  return {
    table<T>(name: string, schema: ZodType<T>): Table<T> {
      const { client, made } = known.get(name) ?? open(name)
      return storageTable(name, schema, async (use) => {
        try {
          await made()
          return await use(client)
        } catch (error) {
          throw storageError(error)
        }
      })
    },
  }
}

function storageTable<T>(name: string, schema: ZodType<T>, call: <R>(use: (client: TableClient) => Promise<R>) => Promise<R>): Table<T> {
  const storedOf = (partition: string, entity: Entity): Stored<T> => {
    const row = String(entity.rowKey)
    const parsed = schema.safeParse(valueFrom(entity))
    if (!parsed.success) throw new Error(`${name} ${row} does not fit its schema: ${parsed.error.message}`)
    return { partition, row, value: parsed.data, etag: entity.etag, rev: Number(entity.rev) }
  }

  const find = (client: TableClient, partition: string, row: string): Promise<Entity | undefined> =>
    client.getEntity(partition, row).catch((error: unknown) => {
      if (statusOf(error) === 404) return undefined
      throw error
    })

  /** Writes, or throws the error of `rivals` where the service answers one of the statuses that mean that somebody else was there first. */
  const write = (
    { partition, row, rev }: Omit<Stored<T>, 'value' | 'etag'>,
    value: T,
    send: Write,
    rivals?: { readonly statuses: readonly number[]; readonly error: Error },
  ): Promise<Stored<T>> =>
    call(async (client) => {
      const id = randomUUID()
      const stored = (etag = '') => ({ partition, row, value, etag, rev })
      try {
        const { etag } = await send(client, { partitionKey: partition, rowKey: row, rev, write: id, ...columnsOf(value) })
        return stored(etag)
      } catch (error) {
        if (!rivals?.statuses.includes(statusOf(error) ?? 0)) throw error
        // The SDK sends again when an answer is lost. The write that stands in its own way is no rival.
        const current = await find(client, partition, row)
        if (current?.write === id) return stored(current.etag)
        throw rivals.error
      }
    })

  return {
    get: (partition, row) =>
      call(async (client) => {
        const entity = await find(client, partition, row)
        return entity && storedOf(partition, entity)
      }),

    insert(partition, row, value) {
      const error = new ProblemError({ code: 'conflict', message: `${name} ${row} exists already.`, retryable: false })
      return write({ partition, row, rev: 1 }, value, (client, entity) => client.createEntity(entity), { statuses: [409], error })
    },

    replace({ partition, row, etag, rev }, value) {
      const send: Write = (client, entity) => client.updateEntity(entity, 'Replace', { etag })
      return write({ partition, row, rev: rev + 1 }, value, send, { statuses: [404, 412], error: new StaleRowError(name, row) })
    },

    upsert: (partition, row, value) => write({ partition, row, rev: 1 }, value, (client, entity) => client.upsertEntity(entity, 'Replace')),

    remove: (partition, row, etag = '*') =>
      call(async (client) => {
        try {
          await client.deleteEntity(partition, row, { etag })
        } catch (error) {
          if (statusOf(error) === 412) throw new StaleRowError(name, row)
          if (statusOf(error) !== 404) throw error
        }
      }),

    list: (partition, options = {}) => call((client) => readPage(client, partition, options, (entity) => storedOf(partition, entity))),
  }
}
