import * as z from 'zod'
import { ProblemError } from '../problem.ts'
import type { Services } from '../services.ts'
import { rowKey } from '../storage/row-key.ts'
import type { Stored, Table } from '../storage/table.ts'
import { empty } from './purge-runs.ts'

/** An event said that something happened in a repository. */
export interface Pointer {
  readonly repository: string
  /** Epoch seconds: of the latest event since the repository was looked at, and when the first was heard of. */
  readonly eventOn: number
  readonly heardOn: number
  /** Events so far: whoever has read the row and removes it must not take along what came later. */
  readonly events: number
}

const pointerSchema = z.strictObject({ repository: z.string(), eventOn: z.number(), heardOn: z.number(), events: z.number() })

/** Seconds of Azure that are waited for more events about the same repository: a push of an image is several. */
const SETTLING = 20
/** Repositories of one run. */
const MOST = 500

type World = Pick<Services, 'tables'>

/** Registry id → repository. */
const tableOf = ({ tables }: World): Table<Pointer> => tables.table('retentionpointers', pointerSchema)

/**
 * Any number of events, in any order and more than once, come to one pointer with the latest time: any of them may be the one that took a tag,
 * and days must not be counted from before that.
 */
export async function enterPointer(services: World, registryId: string, heard: Omit<Pointer, 'events'>): Promise<void> {
  const table = tableOf(services)
  const row = rowKey(heard.repository)
  for (let tries = 0; tries < 5; tries++) {
    const known = await table.get(registryId, row)
    try {
      if (known) {
        const { value } = known
        await table.replace(known, { ...value, eventOn: Math.max(value.eventOn, heard.eventOn), events: value.events + 1 })
      } else await table.insert(registryId, row, { ...heard, events: 1 })
      return
    } catch (error) {
      if (!isRival(error)) throw error
    }
  }
}

const isRival = (error: unknown): boolean => error instanceof ProblemError && error.problem.code === 'conflict'

export async function pointersOf(services: World, registryId: string): Promise<readonly Stored<Pointer>[]> {
  return (await tableOf(services).list(registryId, { limit: MOST })).items
}

/** Whether nothing more is to be expected that would be looked at in vain. */
export const isSettled = ({ settings }: Pick<Services, 'settings'>, { heardOn }: Pointer, now: number): boolean =>
  now - heardOn >= SETTLING / settings.clockSpeed

/** What has been pointed at anew meanwhile stays. */
export async function forgetPointers(services: World, pointers: readonly Stored<Pointer>[]): Promise<void> {
  for (const { partition, row, etag } of pointers) await tableOf(services).remove(partition, row, etag).catch(ignoreRival)
}

/** Everything about a registry. */
export const forgetAllPointers = (services: World, registryId: string): Promise<void> => empty(tableOf(services), registryId)

function ignoreRival(error: unknown): void {
  if (!isRival(error)) throw error
}
