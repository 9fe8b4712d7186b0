import { everyRow } from '../operations/every-row.ts'
import { secondsNow } from '../operations/operations.ts'
import { listRegistries } from '../registries/registry-store.ts'
import type { Services } from '../services.ts'
import type { Table } from '../storage/table.ts'
import { hasEnded, type Run } from './run.ts'
import { runStore } from './store.ts'

const DAY = 86_400
/** Seconds after which a run that has not got its registry will not get it any more. */
const STARTING = 3600

/** Removes runs that ended longer ago than they are to be kept, with all that they found, and those whose start broke off. Answers how many. */
export async function purgeRuns(services: Services): Promise<number> {
  const now = secondsNow(services)
  const oldest = now - services.settings.retentionDays * DAY
  let purged = 0
  for (const { id, activeRun } of await everyRow((page) => listRegistries(services, page))) {
    purged += await removeRuns(services, id, (run) => {
      if (hasEnded(run)) return (run.endedOn ?? run.createdOn) < oldest
      return run.id !== activeRun && run.createdOn < now - STARTING
    })
  }
  return purged
}

/** Removes the runs of a registry that `which` chooses. */
export async function removeRuns(services: Pick<Services, 'tables'>, registryId: string, which: (run: Run) => boolean): Promise<number> {
  const { runs, ...parts } = runStore(services.tables)
  const chosen = (await everyRow((page) => runs.list(registryId, page))).filter(which)
  for (const { id } of chosen) {
    for (const table of Object.values(parts) as readonly Table<unknown>[]) await empty(table, id)
    // The row that people see goes last: what breaks off is found again.
    await runs.remove(registryId, id)
  }
  return chosen.length
}

/** Removes all rows of a partition, a few at a time: some of them are large. */
export async function empty(table: Table<unknown>, partition: string): Promise<void> {
  let continuation: string | undefined
  do {
    const page = await table.list(partition, { limit: 20, ...(continuation !== undefined && { continuation }) })
    await Promise.all(page.items.map(({ row }) => table.remove(partition, row)))
    continuation = page.continuation
  } while (continuation !== undefined)
}
