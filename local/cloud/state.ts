import { type Entry, type Journal, openJournal } from './journal.ts'
import type { JsonObject } from './resource.ts'

/** The journal is rewritten when it holds this many times as many lines as there are rows, and at least COMPACT_MIN_LINES. */
const COMPACT_FACTOR = 4
const COMPACT_MIN_LINES = 5_000

/** Everything that the simulator remembers: named tables of plain objects, changed atomically, kept in a journal. */
export interface State {
  table(name: string): Table
  /** Names of all tables that hold or held something. */
  tables(): string[]
  /**
   * All writes of `action` reach the journal as one line, or none takes place when it throws. A nested call joins the outer one;
   * when it throws, its own writes alone are undone, and the outer one may go on.
   */
  change<T>(action: () => T): T
  /** Called after each change with what it wrote. */
  onCommit(listener: (entries: readonly Entry[]) => void): void
  /** Forgets everything. */
  clear(): void
  /** Nothing is written any more; every further change throws. */
  close(): void
}

export interface Table {
  get(key: string): JsonObject | undefined
  entries(): IterableIterator<[string, JsonObject]>
  put(key: string, value: JsonObject): void
  delete(key: string): void
  readonly size: number
}

/** An open change: what it wrote, and for each write what was there before. */
interface Change {
  entries: Entry[]
  before: Entry[]
}

export function openState(path: string): State {
  const tables = new Map<string, Map<string, JsonObject>>()
  const listeners: ((entries: readonly Entry[]) => void)[] = []
  let open: Change | undefined
  let closed = false

  const rows = (name: string) => {
    let map = tables.get(name)
    if (!map) {
      map = new Map()
      tables.set(name, map)
    }
    return map
  }
  const apply = ([table, key, value]: Entry) => {
    if (value === null) rows(table).delete(key)
    else rows(table).set(key, value)
  }
  const journal: Journal = openJournal(path, (entries) => entries.forEach(apply))

  function write(table: string, key: string, value: JsonObject | null): void {
    if (!open) throw new Error(`A write to ${table} outside of a change`)
    open.before.push([table, key, rows(table).get(key) ?? null])
    const entry: Entry = [table, key, value]
    apply(entry)
    open.entries.push(entry)
  }

  function undoneWhenThrown<T>(change: Change, action: () => T): T {
    const start = change.entries.length
    try {
      return action()
    } catch (error) {
      change.before.splice(start).reverse().forEach(apply)
      change.entries.length = start
      throw error
    }
  }

  function compactIfWorthwhile(): void {
    if (closed || journal.lines < COMPACT_MIN_LINES) return
    let live = 0
    for (const map of tables.values()) live += map.size
    if (journal.lines > live * COMPACT_FACTOR) journal.rewrite(snapshot(tables))
  }

  return {
    table: (name) => ({
      get: (key) => tables.get(name)?.get(key),
      entries: () => rows(name).entries(),
      put: (key, value) => write(name, key, value),
      delete(key) {
        if (rows(name).has(key)) write(name, key, null)
      },
      get size() {
        return rows(name).size
      },
    }),
    tables: () => [...tables.keys()],
    change(action) {
      if (closed) throw new Error('The simulated Azure is stopped')
      if (open) return undoneWhenThrown(open, action)
      const change: Change = { entries: [], before: [] }
      open = change
      try {
        const result = undoneWhenThrown(change, action)
        if (change.entries.length > 0) journal.append(change.entries)
        return result
      } finally {
        open = undefined
        if (change.entries.length > 0) for (const listener of listeners) listener(change.entries)
        compactIfWorthwhile()
      }
    },
    onCommit(listener) {
      listeners.push(listener)
    },
    clear() {
      this.change(() => {
        for (const [name, map] of tables) for (const key of [...map.keys()]) write(name, key, null)
      })
      journal.rewrite([])
    },
    close() {
      if (closed) return
      closed = true
      journal.close()
    },
  }
}

function* snapshot(tables: ReadonlyMap<string, ReadonlyMap<string, JsonObject>>): Generator<Entry[]> {
  for (const [table, map] of tables) for (const [key, value] of map) yield [[table, key, value]]
}
