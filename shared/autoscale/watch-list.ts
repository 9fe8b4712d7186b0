import * as z from 'zod'
import type { Services } from '../services.ts'
import type { Table } from '../storage/table.ts'

const watchedSchema = z.strictObject({
  /** Since when there have been too many workers, and how many were needed at most since. */
  surplus: z.strictObject({ since: z.number(), needed: z.number() }).exactOptional(),
  /** Epoch milliseconds: when the number was last changed. */
  scaledAt: z.number().exactOptional(),
})
/** What one decision hands to the next. */
export type Watched = Readonly<z.output<typeof watchedSchema>>

export const WATCHED = 'cluster'

/** The clusters that scale, so that nobody has to look through all of them: their ids are the rows. */
export const watchList = ({ tables }: Pick<Services, 'tables'>): Table<Watched> => tables.table('autoscale', watchedSchema)

export async function watch(services: Pick<Services, 'tables'>, clusterId: string): Promise<void> {
  await watchList(services).upsert(WATCHED, clusterId, {})
}
