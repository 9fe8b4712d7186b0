import type { Services } from '../services.ts'
import { update } from '../storage/update.ts'
import type { StepRecord } from './step-record.ts'
import { operationStore, STEP_DURATIONS } from './store.ts'

/** Typical duration of a step kind in real Azure's seconds: the median of its latest runs, else what the kind says itself. */
export type TypicalSeconds = (kind: string, otherwise: number) => number

/** Runs that are remembered of each kind. */
const REMEMBERED = 20
/** Fewer say too little. */
const ENOUGH = 3

/** Reads the app's own history once, for one planning. Planners stay pure: they are handed the function. */
export async function loadDurations(services: Services): Promise<TypicalSeconds> {
  const { items } = await operationStore(services.tables).durations.list(STEP_DURATIONS)
  const history = new Map(items.map(({ row, value }) => [row, value]))
  return (kind, otherwise) => {
    const runs = history.get(kind) ?? []
    return runs.length < ENOUGH ? otherwise : median(runs)
  }
}

/** Enters how long the steps took that were done. Two operations that end at once both come in. */
export async function recordDurations(services: Services, records: readonly StepRecord[]): Promise<void> {
  const { durations } = operationStore(services.tables)
  const done = records.filter((record) => record.state === 'done' && record.endedAt !== undefined)
  for (const [kind, runs] of Map.groupBy(done, (record) => record.kind)) {
    const latest = runs.map((record) => secondsOf(record) * services.settings.clockSpeed)
    const remember = (earlier: readonly number[]) => [...latest, ...earlier].slice(0, REMEMBERED)
    const known = await update(durations, STEP_DURATIONS, kind, remember)
    // Two that meet here lose one entry: history is a hint.
    if (!known) await durations.upsert(STEP_DURATIONS, kind, remember([]))
  }
}

const secondsOf = ({ begunAt, endedAt = begunAt }: StepRecord): number => (endedAt - begunAt) / 1000

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0)) / 2
}
