import { RUNTIME_STATUSES, type RuntimeStatus } from './instance.ts'
import type { InstanceSummary } from './instance-store.ts'

/** Which instances a query is about. Times in milliseconds since 1970, both ends included. */
export interface InstanceFilter {
  readonly createdTimeFrom: number
  readonly createdTimeTo: number
  /** Empty: all. */
  readonly statuses: readonly RuntimeStatus[]
  readonly instanceIdPrefix: string
}

/** Reads a filter from a query string; times and statuses that are none are passed over, as the official host does. */
export function parseFilter(parameter: (name: string) => string | undefined): InstanceFilter {
  const wanted = (parameter('runtimeStatus') ?? '').toLowerCase().split(',')
  return {
    createdTimeFrom: parseTime(parameter('createdTimeFrom')) ?? Number.NEGATIVE_INFINITY,
    createdTimeTo: parseTime(parameter('createdTimeTo')) ?? Number.POSITIVE_INFINITY,
    statuses: RUNTIME_STATUSES.filter((status) => wanted.includes(status.toLowerCase())),
    instanceIdPrefix: parameter('instanceIdPrefix') ?? '',
  }
}

export function parseTime(text: string | undefined): number | undefined {
  const time = Date.parse(text ?? '')
  return Number.isNaN(time) ? undefined : time
}

/** The ids that a filter chooses, in their own order, so that a page can begin after the last id of the page before. */
export function matchingIds(summaries: Iterable<readonly [instanceId: string, InstanceSummary]>, filter: InstanceFilter): string[] {
  const ids: string[] = []
  for (const [instanceId, { status, createdTime }] of summaries) {
    if (!instanceId.startsWith(filter.instanceIdPrefix)) continue
    if (createdTime < filter.createdTimeFrom || createdTime > filter.createdTimeTo) continue
    if (filter.statuses.length === 0 || filter.statuses.includes(status)) ids.push(instanceId)
  }
  return ids.sort()
}
