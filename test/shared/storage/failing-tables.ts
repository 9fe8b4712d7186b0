import type { ZodType } from 'zod'
import { ProblemError } from '../../../shared/problem.ts'
import type { Table, Tables } from '../../../shared/storage/table.ts'

interface Failure {
  /** Writes that go well before the one that breaks off. */
  readonly after: number
  /** Whether that one takes effect all the same. */
  readonly lands: boolean
  /** Nothing works any more from then on, as in a process that has died. */
  readonly forGood: boolean
}

/** Tables of which one write breaks off. `broke` tells whether it came to that, `writes` how many there were. */
export function failingTables(
  tables: Tables,
  { after, lands, forGood }: Failure,
): Tables & { readonly broke: () => boolean; readonly writes: () => number } {
  let writes = 0
  let broke = false
  const dead = () => broke && forGood
  const fail = (): never => {
    throw new ProblemError({ code: 'transient', message: 'Storage is away.', retryable: true })
  }
  const read = async <T>(send: () => Promise<T>): Promise<T> => (dead() ? fail() : send())
  const write = async <T>(send: () => Promise<T>): Promise<T> => {
    if (dead()) fail()
    if (writes++ !== after) return send()
    broke = true
    if (lands) await send()
    return fail()
  }
  return {
    broke: () => broke,
    writes: () => writes,
    table<T>(name: string, schema: ZodType<T>): Table<T> {
      const table = tables.table(name, schema)
      return {
        get: (...place) => read(() => table.get(...place)),
        list: (...place) => read(() => table.list(...place)),
        insert: (...row) => write(() => table.insert(...row)),
        replace: (...row) => write(() => table.replace(...row)),
        upsert: (...row) => write(() => table.upsert(...row)),
        remove: (...row) => write(() => table.remove(...row)),
      }
    },
  }
}
