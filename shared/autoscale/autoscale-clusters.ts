import type { Orchestrations } from '../operations/orchestrations.ts'
import { errorText } from '../operations/step-error.ts'
import type { Services } from '../services.ts'
import { StaleRowError, type Stored } from '../storage/table.ts'
import { autoscaleCluster } from './autoscale-cluster.ts'
import { WATCHED, type Watched, watchList } from './watch-list.ts'

/** Clusters that are looked at side by side. */
const AT_ONCE = 20

/** Looks at the load of every cluster that scales. One that cannot be looked at now is looked at again the next time. */
export async function autoscaleClusters(services: Services, orchestrations: Orchestrations): Promise<void> {
  const table = watchList(services)
  let continuation: string | undefined
  do {
    const page = await table.list(WATCHED, { limit: AT_ONCE, ...(continuation !== undefined && { continuation }) })
    await Promise.all(page.items.map((entry) => lookAt(services, orchestrations, entry)))
    continuation = page.continuation
  } while (continuation !== undefined)
}

async function lookAt(services: Services, orchestrations: Orchestrations, { row, value, etag }: Stored<Watched>): Promise<void> {
  try {
    const found = await autoscaleCluster(services, orchestrations, row, value)
    if (found === undefined) await watchList(services).remove(WATCHED, row, etag)
  } catch (error) {
    // Somebody has just begun something else, or wants the cluster to scale again.
    if (!(error instanceof StaleRowError)) services.log('autoscale-failed', { cluster: row, error: errorText(error) })
  }
}
