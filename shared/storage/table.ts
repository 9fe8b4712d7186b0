import type { ZodType } from 'zod'
import { ProblemError } from '../problem.ts'

/** A row as it was read or written. */
export interface Stored<T> {
  readonly partition: string
  readonly row: string
  readonly value: T
  readonly etag: string
  /** Counts the writes, 1 for a new row: two writes within a millisecond can share an etag on the emulator, never a rev. */
  readonly rev: number
}

export interface Page<T> {
  readonly items: readonly Stored<T>[]
  /** Hand it back for the next page; absent on the last one. Opaque, safe in a query string. */
  readonly continuation?: string
}

export interface ListOptions {
  /** Rows from this key on, inclusive. */
  readonly from?: string
  /** Rows whose key begins so. */
  readonly prefix?: string
  /** Most rows of one page, 1 to 1000; 1000 unless told. */
  readonly limit?: number
  readonly continuation?: string
}

/** Rows of one kind. Keys are 1 to 512 characters without `/ \ # ?` and control characters. Storage that is away: ProblemError `transient`. */
export interface Table<T> {
  get(partition: string, row: string): Promise<Stored<T> | undefined>
  /** A row that exists already: ProblemError `conflict`. */
  insert(partition: string, row: string, value: T): Promise<Stored<T>>
  /** Overwrites what was read; another writer was faster: StaleRowError. */
  replace(stored: Stored<T>, value: T): Promise<Stored<T>>
  upsert(partition: string, row: string, value: T): Promise<Stored<T>>
  /** A row that is absent already is fine; with an etag that is stale: StaleRowError. */
  remove(partition: string, row: string, etag?: string): Promise<void>
  /** In the order of row keys. */
  list(partition: string, options?: ListOptions): Promise<Page<T>>
}

export interface Tables {
  /** Name: lower-case letters. The physical table is made at the first use; values are checked by the schema when read. */
  table<T>(name: string, schema: ZodType<T>): Table<T>
}

/** Another writer changed or removed the row since it was read. */
export class StaleRowError extends ProblemError {
  constructor(table: string, row: string) {
    super({ code: 'conflict', message: `Somebody else changed ${table} ${row} at the same time. Try again.`, retryable: true })
    this.name = 'StaleRowError'
  }
}
