import type { Page } from '../storage/table.ts'

/** The values of all pages, fetched one page at a time. */
export async function everyRow<T>(page: (options: { continuation?: string }) => Promise<Page<T>>): Promise<readonly T[]> {
  const values: T[] = []
  let continuation: string | undefined
  do {
    const { items, continuation: next } = await page(continuation === undefined ? {} : { continuation })
    for (const { value } of items) values.push(value)
    continuation = next
  } while (continuation !== undefined)
  return values
}
