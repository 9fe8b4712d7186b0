import type { RecordStore } from './azure.ts'
import type { Table } from './state.ts'

/** A provider's own collection over a table of the state. */
export function recordStore(table: Table): RecordStore {
  return {
    get: (key) => table.get(key),
    list(prefix = '') {
      const found = [...table.entries()].filter(([key]) => key.startsWith(prefix))
      return found.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([key, value]) => ({ key, value }))
    },
    put: (key, value) => table.put(key, value),
    delete: (key) => table.delete(key),
  }
}
