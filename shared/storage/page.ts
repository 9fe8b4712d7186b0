import { odata, type TableClient, type TableEntityResult } from '@azure/data-tables'
import { invalid } from '../problem.ts'
import type { ListOptions, Page, Stored } from './table.ts'

/** The service's own page size. */
const LARGEST_PAGE = 1000
/** Sorts after every key that we write. */
const LAST = '\uffff'
/** What a row key may be; the service answers anything else with an error of its own. */
const ROW_KEY = /^[^\\/#?\p{Cc}]{1,512}$/u

type Entity = TableEntityResult<Record<string, unknown>>

/** One page of a partition in the order of row keys. */
export async function readPage<T>(
  client: TableClient,
  partition: string,
  { from, prefix, limit = LARGEST_PAGE, continuation }: ListOptions,
  storedOf: (entity: Entity) => Stored<T>,
): Promise<Page<T>> {
  const conditions = [odata`PartitionKey eq ${partition}`]
  if (from !== undefined) conditions.push(odata`RowKey ge ${from}`)
  if (prefix !== undefined) conditions.push(odata`RowKey ge ${prefix} and RowKey lt ${prefix + LAST}`)
  if (continuation !== undefined) conditions.push(odata`RowKey gt ${rowOf(continuation)}`)
  const most = Math.min(limit, LARGEST_PAGE)
  const pages = client.listEntities({ queryOptions: { filter: conditions.join(' and ') } }).byPage({ maxPageSize: most })
  const items: Stored<T>[] = []
  // The service may end a page early, even empty, and say that there is more.
  for await (const page of pages) {
    items.push(...page.map(storedOf))
    const last = items.at(-1)
    if (last && items.length >= most) return page.continuationToken ? { items, continuation: after(last.row) } : { items }
  }
  return { items }
}

/** A page's end as callers carry it: its last row key in base64url. It names no partition, so it cannot be used to read another one. */
const after = (row: string): string => Buffer.from(row).toString('base64url')

function rowOf(continuation: string): string {
  const row = Buffer.from(continuation, 'base64url').toString()
  if (!ROW_KEY.test(row) || after(row) !== continuation) invalid('continuation', 'use the one that came with the page before')
  return row
}
