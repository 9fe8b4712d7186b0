import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import type { Clock } from '../clock.ts'
import { StaleRowError, type Stored, type Table, type Tables } from '../storage/table.ts'

/** How long a key stands for its request, in milliseconds. */
const KEPT = 24 * 3_600_000
/** Most rows removed in one purge: the next one goes on. */
const MOST = 10_000
const AT_ONCE = 50
const EXPIRIES = 'claim'

const Claim = z.object({
  /** SHA-256 of method, path, query and body. */
  hash: z.string(),
  /** The same for who takes the claim over. `at`: epoch milliseconds. */
  request: z.object({ id: z.string(), at: z.number() }),
  /** When its owner began, epoch milliseconds; 0: it has no owner. */
  since: z.number(),
  answer: z.object({ status: z.number(), headers: z.record(z.string(), z.string()), body: z.string() }).optional(),
})
export type Claim = z.output<typeof Claim>

const Expiry = z.object({ partition: z.string(), row: z.string() })

export interface IdempotencyStore {
  /** Caller → key. */
  readonly claims: Table<Claim>
  /** `insert` for a claim that the purge finds again. */
  enter(partition: string, row: string, claim: Claim): Promise<Stored<Claim>>
  /** `replace` with the claim of a new request. */
  renew(stored: Stored<Claim>, claim: Claim): Promise<Stored<Claim>>
  hasExpired(claim: Claim): boolean
  /** Removes what has expired. */
  purge(): Promise<void>
}

export function createIdempotencyStore(tables: Tables, clock: Clock): IdempotencyStore {
  const claims = tables.table('idempotency', Claim)
  // In the order of time, because claims are in the order of their callers.
  const expiries = tables.table('expiries', Expiry)

  const remember = (partition: string, row: string, { request }: Claim) =>
    expiries.insert(EXPIRIES, `${String(request.at + KEPT).padStart(15, '0')}_${randomUUID()}`, { partition, row })
  const hasExpired = ({ request }: Claim) => clock.now() - request.at >= KEPT

  async function forget(expiry: Stored<z.output<typeof Expiry>>): Promise<void> {
    const { partition, row } = expiry.value
    const claim = await claims.get(partition, row)
    // A key that was used again since has an expiry of its own.
    if (claim && hasExpired(claim.value)) await claims.remove(partition, row, claim.etag).catch(unlessStale)
    await expiries.remove(expiry.partition, expiry.row)
  }

  return {
    claims,
    hasExpired,
    async enter(partition, row, claim) {
      const [stored] = await Promise.all([claims.insert(partition, row, claim), remember(partition, row, claim)])
      return stored
    },
    async renew(stored, claim) {
      const [renewed] = await Promise.all([claims.replace(stored, claim), remember(stored.partition, stored.row, claim)])
      return renewed
    },
    async purge() {
      for (let looked = 0; looked < MOST; looked += AT_ONCE) {
        const { items } = await expiries.list(EXPIRIES, { limit: AT_ONCE })
        const due = items.filter(({ row }) => Number.parseInt(row, 10) <= clock.now())
        await Promise.all(due.map(forget))
        if (due.length < AT_ONCE) return
      }
    },
  }
}

function unlessStale(error: unknown): void {
  if (!(error instanceof StaleRowError)) throw error
}
