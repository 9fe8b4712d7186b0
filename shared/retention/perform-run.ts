import { classify } from '../azure/classify.ts'
import { everyRow } from '../operations/every-row.ts'
import { secondsNow } from '../operations/operations.ts'
import { type Problem, ProblemError } from '../problem.ts'
import { findRegistry, updateRegistry } from '../registries/registry-store.ts'
import type { Services } from '../services.ts'
import { cleanRepository } from './clean-repository.ts'
import { hasEnded, isWhole, type RepositoryResult, type Run, type Totals } from './run.ts'
import { changeRun, findRun } from './runs.ts'
import { runStore } from './store.ts'

export interface RunAttempt {
  readonly run: string
  readonly attempt: number
}

/** Why a run cannot get at its registry. With a `nap` it passes by itself: worth another try after so many seconds. */
interface Hindrance {
  readonly problem: Problem
  readonly nap?: number
}

/** `stale`: nothing is to be done under this attempt any more. */
export type RunBeginning =
  | { readonly next: 'go'; readonly batches: number }
  | { readonly next: 'stale' }
  | ({ readonly next: 'failed' } & Hindrance)

/** `more`: the batch is to be taken up again after `nap` seconds. */
export type BatchOutcome =
  | { readonly state: 'done' }
  | { readonly state: 'more'; readonly nap: number }
  | ({ readonly state: 'failed' } & Hindrance)

/** Repositories of one activity. */
const BATCH = 25
/** Repositories at once in one activity, so that one is listed while another is deleted from. */
const AT_ONCE = 8
/** Milliseconds that one activity works, well below the five minutes that a function has everywhere. */
const BUDGET = 100_000
/** Of that, what deletions have at least. */
const SWEEP_SHARE = 0.2
/** Milliseconds that listing the catalog may take. */
const CATALOG = 120_000
const MOST_REPOSITORIES = 100_000
/** Seconds until a registry that does not answer is asked again, unless it wants more. */
const NAP = 30
const MOST_VANISHED = 500

/** Lists what there is to do and writes it down in batches. */
export async function beginRun(services: Services, { run: id, attempt }: RunAttempt): Promise<RunBeginning> {
  const run = await changeRun(services, id, (current) =>
    current.attempt === attempt && current.state === 'pending'
      ? { ...current, state: 'running', startedOn: secondsNow(services) }
      : undefined,
  )
  if (!run || run.attempt !== attempt || hasEnded(run)) return { next: 'stale' }
  if (run.batches !== undefined) return { next: 'go', batches: run.batches }
  try {
    const names = isWhole(run) ? await catalogOf(services, run) : (run.events ?? []).map(({ repository }) => repository)
    const batches = Math.ceil(names.length / BATCH)
    const table = runStore(services.tables).batches
    for (let start = 0; start < batches; start += AT_ONCE) {
      const numbers = Array.from({ length: Math.min(AT_ONCE, batches - start) }, (_, index) => start + index)
      await Promise.all(numbers.map((number) => table.upsert(id, batchKey(number), names.slice(number * BATCH, (number + 1) * BATCH))))
    }
    const vanished = isWhole(run) ? await vanishedSince(services, run, new Set(names)) : []
    await changeRun(services, id, (current) => ({
      ...current,
      batches,
      ...(vanished.length > 0 && { vanished: vanished.slice(0, MOST_VANISHED), vanishedCount: vanished.length }),
    }))
    return { next: 'go', batches }
  } catch (error) {
    return { next: 'failed', ...hindranceOf(classify(error)) }
  }
}

function hindranceOf(problem: Problem): Hindrance {
  const { code, azureCode, retryAfter = 0 } = problem
  // A name that nobody knows is that of a registry which is no more, not of one that is away.
  const passes = code === 'throttled' || (code === 'transient' && azureCode !== 'ENOTFOUND')
  return { problem, ...(passes && { nap: Math.max(retryAfter, NAP) }) }
}

const batchKey = (number: number): string => String(number).padStart(6, '0')

async function catalogOf(services: Services, run: Run): Promise<readonly string[]> {
  const registry = await findRegistry(services, run.registryId)
  if (!registry) return []
  const dataPlane = await services.registries.open(registry, services.clock.now() + CATALOG)
  const names = new Set<string>()
  let next: string | undefined
  do {
    const page = await dataPlane.repositories({ next })
    for (const name of page.names) names.add(name)
    next = page.next
  } while (next !== undefined && names.size < MOST_REPOSITORIES)
  return [...names]
}

/** The catalog has been known to be cut short: whoever relies on it has to hear what is missing. */
async function vanishedSince(services: Services, run: Run, names: ReadonlySet<string>): Promise<readonly string[]> {
  const registry = await findRegistry(services, run.registryId)
  if (registry?.lastRun === undefined) return []
  const before = await findRun(services, registry.lastRun)
  if (!before) return []
  return (await repositoriesOf(services, before)).filter((name) => !names.has(name))
}

export async function repositoriesOf(services: Services, run: Run): Promise<readonly string[]> {
  return (await everyRow((page) => runStore(services.tables).batches.list(run.id, page))).flat()
}

/** Works on one batch for as long as an activity may: `budget` milliseconds. */
export async function cleanBatch(
  services: Services,
  { run: id, attempt, batch }: RunAttempt & { readonly batch: number },
  budget = BUDGET,
): Promise<BatchOutcome> {
  const run = await findRun(services, id)
  if (!run || run.attempt !== attempt || hasEnded(run)) return { state: 'done' }
  const [registry, names = []] = await Promise.all([
    findRegistry(services, run.registryId),
    runStore(services.tables)
      .batches.get(id, batchKey(batch))
      .then((stored) => stored?.value),
  ])
  if (!registry) return { state: 'done' }
  const until = services.clock.now() + budget
  const dataPlane = await services.registries.open(registry, until).catch(problemOf)
  if ('code' in dataPlane) return { state: 'failed', ...hindranceOf(dataPlane) }
  let nap: number | undefined
  let next = 0
  const worker = async () => {
    for (let name = names[next++]; name !== undefined; name = names[next++]) {
      const cleaned =
        services.clock.now() > until
          ? ({ state: 'more' } as const)
          : await cleanRepository({ services, run, dataPlane, until, leastSweep: budget * SWEEP_SHARE }, name)
      if (cleaned.state === 'more') nap = Math.max(nap ?? 0, ('retryAfter' in cleaned && cleaned.retryAfter) || 0)
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, names.length) }, worker))
  return nap === undefined ? { state: 'done' } : { state: 'more', nap }
}

/** What the registry's own settings lack, or who keeps its secret; a bug stays one. */
function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem
  throw error
}

/** Adds up and lets go of the registry. */
export async function endRun(
  services: Services,
  { run: id, attempt, problem }: RunAttempt & { readonly problem?: Problem },
): Promise<void> {
  const run = await findRun(services, id)
  if (!run || run.attempt !== attempt) return
  if (!hasEnded(run)) {
    const results = await everyRow((page) => runStore(services.tables).results.list(id, page))
    const totals = totalsOf(results)
    const state = problem ? 'failed' : totals.failed + totals.failedRepositories + totals.held > 0 ? 'incomplete' : 'succeeded'
    const ended: Partial<Run> = { state, endedOn: secondsNow(services), totals, ...(problem && { problem }) }
    await changeRun(services, id, (current) => (current.attempt === attempt ? { ...current, ...ended } : undefined))
    services.log('retention-run-ended', { run: id, state, deleted: totals.deleted, failed: totals.failed })
  }
  await releaseRegistry(services, run)
}

/** The last run that listed the whole registry is what the next one is compared with. */
export async function releaseRegistry(services: Services, run: Pick<Run, 'id' | 'registryId' | 'trigger' | 'batches'>): Promise<void> {
  const hasListed = isWhole(run) && run.batches !== undefined
  await updateRegistry(services, run.registryId, ({ activeRun, ...registry }) =>
    activeRun === run.id ? { ...registry, ...(hasListed && { lastRun: run.id }) } : undefined,
  )
}

export function totalsOf(results: readonly RepositoryResult[]): Totals {
  const sum = (of: (result: RepositoryResult) => number) => results.reduce((total, result) => total + of(result), 0)
  const count = (...kinds: readonly RepositoryResult['result'][]) => results.filter(({ result }) => kinds.includes(result)).length
  return {
    repositories: results.length,
    listed: sum(({ listed }) => listed),
    candidates: sum(({ candidates }) => candidates),
    deleted: sum(({ deleted }) => deleted),
    spared: sum(({ spared }) => spared),
    failed: sum(({ failed }) => failed),
    deletedBytes: sum(({ deletedBytes }) => deletedBytes),
    unchanged: count('unchanged'),
    held: count('held'),
    // What is still planned at the end was given up.
    failedRepositories: count('failed') + results.filter(({ state }) => state === 'planned').length,
  }
}
