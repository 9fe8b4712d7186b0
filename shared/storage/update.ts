import { StaleRowError, type Stored, type Table } from './table.ts'

/** Tries before an update gives up; each lost race means that somebody else got through. */
const TRIES = 20

/**
 * Reads, decides, replaces; again when another writer was faster.
 * `change` may run several times and returns undefined to leave the row as it is. Answers the row as it now is; undefined: there is none.
 */
export async function update<T>(
  table: Table<T>,
  partition: string,
  row: string,
  change: (value: T) => T | undefined,
): Promise<Stored<T> | undefined> {
  for (let tries = 1; ; tries++) {
    const stored = await table.get(partition, row)
    if (!stored) return undefined
    const value = change(stored.value)
    if (value === undefined) return stored
    try {
      return await table.replace(stored, value)
    } catch (error) {
      if (!(error instanceof StaleRowError) || tries === TRIES) throw error
    }
  }
}
