import type { Table } from '../storage/table.ts'
import { pieceKey } from './store.ts'

/** Characters of JSON in one row: a row holds four times as much, and each is in memory several times over while it is sent. */
const LARGEST_PIECE = 100_000
/** Rows written side by side. */
const AT_ONCE = 8

/** Cuts a list so that each part fits a row. */
export function cut<T>(items: readonly T[]): readonly (readonly T[])[] {
  const pieces: T[][] = []
  let size = Number.POSITIVE_INFINITY
  for (const item of items) {
    const length = JSON.stringify(item).length + 1
    if (size + length > LARGEST_PIECE) {
      pieces.push([])
      size = 0
    }
    pieces.at(-1)?.push(item)
    size += length
  }
  return pieces
}

/** Writes a list of any length from row `first` on, over what an earlier try may have left. Answers the number of rows. */
export async function writePieces<T>(
  table: Table<readonly T[]>,
  partition: string,
  name: string,
  items: readonly T[],
  first = 0,
): Promise<number> {
  const pieces = cut(items)
  for (let start = 0; start < pieces.length; start += AT_ONCE) {
    const some = pieces.slice(start, start + AT_ONCE)
    await Promise.all(some.map((piece, index) => table.upsert(partition, pieceKey(name, first + start + index), piece)))
  }
  return pieces.length
}

export async function readPieces<T>(table: Table<readonly T[]>, partition: string, name: string, count: number): Promise<readonly T[]> {
  const items: T[] = []
  for (let start = 0; start < count; start += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, count - start) }, (_, index) => start + index)
    const pieces = await Promise.all(numbers.map((number) => table.get(partition, pieceKey(name, number))))
    for (const piece of pieces) {
      if (!piece) throw new Error(`A part of ${partition} is missing.`)
      for (const item of piece.value) items.push(item)
    }
  }
  return items
}

export async function removePieces<T>(table: Table<readonly T[]>, partition: string, name: string, count: number): Promise<void> {
  for (let number = 0; number < count; number++) await table.remove(partition, pieceKey(name, number))
}
