import { createHash } from 'node:crypto'
import { classify } from '../azure/classify.ts'
import { errorText } from '../operations/step-error.ts'
import type { DataPlane } from '../registries/data-plane/data-plane.ts'
import type { Services } from '../services.ts'
import { rowKey } from '../storage/row-key.ts'
import { type Decision, decide } from './decide.ts'
import { findingsOf } from './findings.ts'
import type { Body } from './manifest.ts'
import { findHead, forgetRepository, type Head, isSameState, type Known, learn, loadManifests, saveBodies, saveMemory } from './memory.ts'
import { readPieces, writePieces } from './pieces.ts'
import { type Policy, type Rule, ruleFor } from './policy.ts'
import { type Place, roomOf } from './room.ts'
import type { Exception, Finding, RepositoryResult, Run } from './run.ts'
import { type Scan, scanRepository } from './scan.ts'
import { runStore } from './store.ts'
import { type SweepResult, sweep } from './sweep.ts'

export interface Cleaning {
  readonly services: Services
  readonly run: Run
  readonly dataPlane: DataPlane
  /** Epoch ms after which nothing new is begun. */
  readonly until: number
  /** Milliseconds that deletions have however long the listing took: else a repository that takes longer to list than that would never be cleaned. */
  readonly leastSweep: number
}

/** `more`: to be taken up again, after `retryAfter` seconds where the registry said so. */
export type Cleaned = { readonly state: 'done' } | { readonly state: 'more'; readonly retryAfter?: number }

const DONE: Cleaned = { state: 'done' }
const NOTHING_KNOWN: Promise<ReadonlyMap<string, Known>> = Promise.resolve(new Map())

/** Seconds after which a repository is listed although nothing seems to have changed: locks, for one, change nothing that the registry tells. */
const BELIEVED = 7 * 86_400
/** A repository that is taken up so often without a deletion will not come to an end. */
const MOST_ACTIVATIONS = 1_000

/**
 * Does what the run's policy says about one repository. Safe to repeat after a break at any point: what is to be deleted is written down first,
 * and what is gone by the next time was deleted.
 */
export async function cleanRepository(cleaning: Cleaning, repository: string): Promise<Cleaned> {
  const { services, run } = cleaning
  const { results } = runStore(services.tables)
  const [result, head] = await Promise.all([results.get(run.id, rowKey(repository)), findHead(services, run.registryId, repository)])
  const before = result?.value
  if (before?.state === 'done') return DONE
  const place = roomOf(services).enter()
  try {
    const rule = ruleFor(run.policy, repository)
    if (!rule) return await settle(cleaning, { ...blank(repository), result: 'excluded' })
    return await clean({ ...cleaning, repository, rule, before, head, place })
  } catch (error) {
    const problem = classify(error)
    if (problem.code === 'throttled') return { state: 'more', ...(problem.retryAfter !== undefined && { retryAfter: problem.retryAfter }) }
    services.log('retention-repository-failed', { run: run.id, repository, code: problem.code, error: errorText(error) })
    return await settle(cleaning, { ...(before ?? blank(repository)), state: 'done', result: 'failed', problem })
  } finally {
    place.leave()
  }
}

interface Work extends Cleaning {
  readonly repository: string
  readonly rule: Rule
  /** What an earlier activation of the run left. */
  readonly before: RepositoryResult | undefined
  /** What earlier runs left. */
  readonly head: Head | undefined
  readonly place: Place
}

async function clean(work: Work): Promise<Cleaned> {
  const { services, run, dataPlane, repository, before, head } = work
  if (!before && head && (await isUnchanged(work, head))) return settle(work, { ...blank(repository), result: 'unchanged' })

  const loading = head ? loadManifests(services, run.registryId, repository, head) : NOTHING_KNOWN
  const read = new Map<string, Body>()
  const grow = (manifests: number) => work.place.grow(manifests, work.until)
  const scan = await scanRepository(dataPlane, repository, loading, services.clock, { read, grow }).catch(async (error: unknown) => {
    if (read.size > 0) await saveBodies(services, run.registryId, repository, read, head && { head, manifests: await loading })
    throw error
  })
  if (scan === 'gone') {
    if (head) await forgetRepository(services, run.registryId, repository, head)
    // The registry removes a repository with its last manifest.
    if (before) return conclude(work, before, new Map())
    return settle(work, { ...blank(repository), result: 'gone' })
  }
  if (scan === 'incomplete') {
    return settle(work, { ...(before ?? blank(repository)), state: 'done', result: 'held', hold: 'incomplete-listing' })
  }

  const eventOn = run.events?.find((one) => one.repository === repository)?.eventOn
  const { manifests, bodies, state } = scan
  const known = await loading
  const earlier = head && !head.partial ? { ...head, manifests: known } : undefined
  const now = run.createdOn
  const seenOn = Math.floor(scan.seenAt / 1000)
  const learned = learn({ manifests, bodies, before: earlier, now: seenOn, eventOn, backlog: run.policy.backlog })
  // A run of hours decides as its preview did, and remembers when it really saw what.
  const untaggedSince = (digest: string) => {
    const since = learned.get(digest)?.since
    return since === undefined ? undefined : Math.min(since, now)
  }
  const decision = decide({ manifests, bodies, repositoryLocked: state.locked, untaggedSince, now }, work.rule, brakeOf(run))
  const remember = (after: Pick<Head, 'state'>, left: number) => ({
    state: after.state,
    scannedOn: seenOn,
    firstOn: earlier?.firstOn ?? seenOn,
    rules: rulesOf(run.policy, work.rule),
    ...(left > 0 ? { nextDue: 0 } : decision.nextDue !== undefined && { nextDue: decision.nextDue }),
  })
  const { planned, recorded } = await plan(work, decision, untaggedSince, manifests.length)
  // Deletions wait for the plan alone, so that it goes first.
  const saving = recorded.then(() =>
    saveMemory(services, run.registryId, repository, remember({ state }, decision.deletable.length), {
      before: head,
      ...((!head || isDifferent(known, learned)) && { manifests: learned }),
    }),
  )
  // Awaited below: a failure must not go unseen, nor come before its time.
  saving.catch(() => undefined)
  if (run.dryRun || run.policy.mode !== 'enforce' || decision.hold) {
    const result = await recorded
    await saving
    const ending = decision.hold ? ({ result: 'held', hold: decision.hold } as const) : ({ result: 'previewed' } as const)
    return settle(work, { ...result, ...ending })
  }
  const until = Math.max(work.until, services.clock.now() + work.leastSweep)
  const swept = await sweep({ dataPlane, repository, scan, decision, planned, recorded, clock: services.clock, until })
  const [result, saved] = await Promise.all([recorded, saving])
  if (swept.unfinished && result.activations < MOST_ACTIVATIONS) {
    const { results } = runStore(services.tables)
    await results.upsert(run.id, rowKey(repository), { ...result, activations: result.activations + 1 })
    return { state: 'more', ...(swept.retryAfter !== undefined && { retryAfter: swept.retryAfter }) }
  }
  const after = await stateAfter(work, scan, swept)
  const left = decision.deletable.length - removed(swept)
  if (after) await saveMemory(services, run.registryId, repository, remember({ state: after }, left), { before: saved })
  return conclude(work, result, stillThere(planned, scan, decision, swept))
}

/** Nothing that the registry tells has changed, no age is reached, and the rules are the same. A preview by hand wants to see everything. */
async function isUnchanged({ run, dataPlane, repository, rule }: Work, head: Head): Promise<boolean> {
  if (run.dryRun || head.partial || head.rules !== rulesOf(run.policy, rule)) return false
  if (run.createdOn >= (head.nextDue ?? Number.POSITIVE_INFINITY) || run.createdOn - head.scannedOn >= BELIEVED) return false
  const state = await dataPlane.repository(repository)
  return state !== undefined && isSameState(state, head.state)
}

const rulesOf = ({ mode, protectedDigests, protectedAnnotations, backlog, brake }: Policy, rule: Rule): string =>
  createHash('sha256')
    .update(JSON.stringify([mode, protectedDigests, protectedAnnotations, backlog, brake, rule]))
    .digest('base64url')
    .slice(0, 16)

const brakeOf = ({ policy, brakeOff }: Run): Policy =>
  brakeOff ? { ...policy, brake: { manifests: Number.POSITIVE_INFINITY, share: 1 } } : policy

function isDifferent(before: ReadonlyMap<string, Known>, after: ReadonlyMap<string, Known>): boolean {
  if (before.size !== after.size) return true
  for (const [digest, { since, body }] of after) {
    const known = before.get(digest)
    if (!known || known.since !== since || (known.body === undefined) !== (body === undefined)) return true
  }
  return false
}

/** The preview, to be written down before anything is deleted; that of an earlier activation where there is one. */
async function plan(work: Work, decision: Decision, untaggedSince: (digest: string) => number | undefined, listed: number) {
  const { services, run, repository, before } = work
  if (before) {
    const planned = await readPieces(runStore(services.tables).findings, run.id, repository, before.chunks)
    const going = planned.flatMap(({ digest, decision }) => (decision === 'delete' ? [digest] : []))
    return { planned: new Set(going), recorded: Promise.resolve(before) }
  }
  return {
    planned: new Set(decision.deletable.map(({ digest }) => digest)),
    recorded: record(work, decision, findingsOf(decision, untaggedSince), listed),
  }
}

async function record(
  { services, run, repository, rule }: Work,
  { deletable }: Decision,
  found: readonly Finding[],
  listed: number,
): Promise<RepositoryResult> {
  const { findings, results } = runStore(services.tables)
  const result: RepositoryResult = {
    ...blank(repository),
    state: 'planned',
    rule: rule.name,
    listed,
    candidates: deletable.length,
    candidateBytes: deletable.reduce((sum, { size }) => sum + size, 0),
    chunks: await writePieces(findings, run.id, repository, found),
  }
  // What only reports is settled at once.
  if (!run.dryRun && run.policy.mode === 'enforce' && result.candidates > 0) await results.upsert(run.id, rowKey(repository), result)
  return result
}

const removed = ({ swept }: SweepResult): number =>
  [...swept.values()].filter(({ outcome }) => outcome === 'deleted' || outcome === 'gone').length

/** The repository after the deletions, if it holds what is left of it and nothing else: then the next run need not list it. */
async function stateAfter({ dataPlane, repository }: Work, { state, manifests }: Scan, swept: SweepResult) {
  const count = removed(swept)
  if (count === 0) return undefined
  const after = await dataPlane.repository(repository)
  return after?.manifestCount === manifests.length - count && after.tagCount === state.tagCount ? after : undefined
}

/** What was planned and is not gone, with the reason. */
function stillThere(
  planned: ReadonlySet<string>,
  { manifests }: Scan,
  { kept }: Decision,
  { swept }: SweepResult,
): ReadonlyMap<string, Exception> {
  const exceptions = new Map<string, Exception>()
  for (const { digest } of manifests) {
    if (!planned.has(digest)) continue
    const end = swept.get(digest)
    if (end?.outcome === 'deleted' || end?.outcome === 'gone') continue
    const outcome = end?.outcome ?? kept.get(digest)?.reason ?? 'not-tried'
    exceptions.set(digest, { digest, outcome, ...(end?.outcome === 'failed' && { problem: end.problem }) })
  }
  return exceptions
}

/** Everything planned that is not an exception was deleted. */
async function conclude(work: Work, result: RepositoryResult, exceptions: ReadonlyMap<string, Exception>): Promise<Cleaned> {
  const { services, run, repository } = work
  const store = runStore(services.tables)
  const list = [...exceptions.values()]
  const failed = list.filter(({ outcome }) => outcome === 'failed').length
  let bytes = result.candidateBytes
  if (list.length > 0) {
    await writePieces(store.exceptions, run.id, repository, list)
    const planned = await readPieces(store.findings, run.id, repository, result.chunks)
    bytes = planned.reduce((sum, { digest, decision, size }) => (decision === 'delete' && !exceptions.has(digest) ? sum + size : sum), 0)
  }
  return settle(work, {
    ...result,
    result: 'cleaned',
    deleted: result.candidates - list.length,
    deletedBytes: bytes,
    spared: list.length - failed,
    failed,
  })
}

async function settle({ services, run }: Cleaning, result: RepositoryResult): Promise<Cleaned> {
  await runStore(services.tables).results.upsert(run.id, rowKey(result.repository), { ...result, state: 'done' })
  return DONE
}

const blank = (repository: string): RepositoryResult => ({
  repository,
  state: 'done',
  listed: 0,
  candidates: 0,
  candidateBytes: 0,
  deleted: 0,
  deletedBytes: 0,
  spared: 0,
  failed: 0,
  chunks: 0,
  activations: 1,
})
