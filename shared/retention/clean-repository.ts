import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
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
import { blank, counted, NOTHING_LEFT, type Remains, remainsOf } from './remains.ts'
import { type Place, roomOf } from './room.ts'
import type { Exception, Finding, RepositoryResult, Run } from './run.ts'
import { type Scan, scanRepository } from './scan.ts'
import { outcomesName, runStore } from './store.ts'
import { isGone, type SweepResult, sweep } from './sweep.ts'

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
  const known: Work['known'] = { row: before ?? blank(repository) }
  try {
    const rule = ruleFor(run.policy, repository)
    if (!rule) return await settle(cleaning, { ...blank(repository), result: 'excluded' })
    return await clean({ ...cleaning, repository, rule, before, head, place, known })
  } catch (error) {
    const problem = classify(error)
    if (problem.code === 'throttled') return { state: 'more', ...(problem.retryAfter !== undefined && { retryAfter: problem.retryAfter }) }
    services.log('retention-repository-failed', { run: run.id, repository, code: problem.code, error: errorText(error) })
    const ending = { result: 'failed', problem } as const
    return await (known.remains ? conclude(cleaning, known.row, known.remains, ending) : settle(cleaning, { ...known.row, ...ending }))
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
  /** What is told if it breaks off: the plan, and what is still there of it as soon as a listing has shown that. */
  readonly known: { row: RepositoryResult; remains?: Remains }
}

async function clean(work: Work): Promise<Cleaned> {
  const { services, run, dataPlane, repository, before, head } = work
  if (!before && head && (await isUnchanged(work, head))) return settle(work, { ...blank(repository), result: 'unchanged' })

  const loading = head ? loadManifests(services, run.registryId, repository, head) : NOTHING_KNOWN
  const read = new Map<string, Body>()
  const grow = (manifests: number) => work.place.grow(manifests, work.until)
  const scan = await scanRepository(dataPlane, repository, loading, services.clock, { read, grow }).catch(async (error: unknown) => {
    if (read.size > 0) {
      const saving = async () => saveBodies(services, run.registryId, repository, read, head && { head, manifests: await loading })
      await saving().catch(forgotten(work))
    }
    throw error
  })
  if (scan === 'gone') {
    if (head) await forgetRepository(services, run.registryId, repository, head).catch(forgotten(work))
    // The registry removes a repository with its last manifest.
    if (before) return conclude(work, before, NOTHING_LEFT, { result: 'cleaned' })
    return settle(work, { ...blank(repository), result: 'gone' })
  }
  if (scan === 'incomplete') {
    return settle(work, { ...(before ?? blank(repository)), result: 'held', hold: 'incomplete-listing' })
  }

  const eventOn = eventOf(run, repository)
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
  const saving = recorded
    .then(() =>
      saveMemory(services, run.registryId, repository, remember({ state }, decision.deletable.length), {
        before: head,
        ...((!head || isDifferent(known, learned)) && { manifests: learned }),
      }),
    )
    .catch(forgotten(work))
  const ending = decision.hold ? ({ result: 'held', hold: decision.hold } as const) : ({ result: 'previewed' } as const)
  if (run.dryRun || run.policy.mode !== 'enforce' || decision.hold) {
    const [result] = await Promise.all([recorded, saving])
    return before ? conclude(work, before, remainsOf(planned, scan, decision), ending) : settle(work, { ...result, ...ending })
  }
  const until = Math.max(work.until, services.clock.now() + work.leastSweep)
  const swept = await sweep({ dataPlane, repository, scan, decision, planned, recorded, clock: services.clock, until }).catch(
    async (error: unknown) => {
      // It deletes nothing where it cannot look.
      Object.assign(work.known, { row: await recorded, remains: remainsOf(planned, scan, decision) })
      throw error
    },
  )
  const remains = remainsOf(planned, scan, decision, swept)
  Object.assign(work.known, { row: await recorded, remains })
  const [result, saved] = await Promise.all([recorded, saving])
  if (swept.unfinished && result.activations < MOST_ACTIVATIONS) {
    await interrupt(work, result, remains, swept)
    return { state: 'more', ...(swept.retryAfter !== undefined && { retryAfter: swept.retryAfter }) }
  }
  const after = await stateAfter(work, scan, swept).catch(forgotten(work))
  const left = decision.deletable.length - removed(swept)
  if (after && saved)
    await saveMemory(services, run.registryId, repository, remember({ state: after }, left), { before: saved }).catch(forgotten(work))
  return conclude(work, result, remains, { result: 'cleaned' })
}

/** What memory lacks the next run finds out again; days then begin later, never earlier. */
const forgotten =
  ({ services, run, repository }: Work) =>
  (error: unknown): undefined => {
    services.log('retention-memory-not-kept', { run: run.id, repository, error: errorText(error) })
  }

/** Epoch seconds of the latest event that the run knows of. */
const eventOf = ({ events }: Run, repository: string): number | undefined => events?.find((one) => one.repository === repository)?.eventOn

/**
 * Nothing that the registry or an event tells has changed, no age is reached, and the rules are the same. A preview by hand wants to see
 * everything.
 */
async function isUnchanged({ run, dataPlane, repository, rule }: Work, head: Head): Promise<boolean> {
  if (run.dryRun || head.partial || head.rules !== rulesOf(run.policy, rule)) return false
  if (run.createdOn >= (head.nextDue ?? Number.POSITIVE_INFINITY) || run.createdOn - head.scannedOn >= BELIEVED) return false
  if ((eventOf(run, repository) ?? 0) >= head.scannedOn) return false
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

const removed = ({ swept }: SweepResult): number => [...swept.values()].filter(isGone).length

/**
 * The repository after the deletions, if it holds what is left of it and nothing else: then the next run need not list it. Counts do not tell
 * of a tag that went from one image to another meanwhile, a listing does.
 */
async function stateAfter({ dataPlane, repository }: Work, { state, manifests }: Scan, { swept }: SweepResult) {
  const left = new Map(manifests.map((manifest) => [manifest.digest, manifest]))
  for (const [digest, end] of swept) if (isGone(end)) left.delete(digest)
  if (left.size === manifests.length) return undefined
  const after = await dataPlane.repository(repository)
  if (after?.manifestCount !== left.size || after.tagCount !== state.tagCount) return undefined
  let next: string | undefined
  do {
    const page = await dataPlane.manifests(repository, { next })
    for (const manifest of page?.manifests ?? []) {
      if (!isDeepStrictEqual(manifest, left.get(manifest.digest))) return undefined
      left.delete(manifest.digest)
    }
    next = page?.next
  } while (next !== undefined)
  return left.size === 0 ? after : undefined
}

/** Writes down what came of the plan so far: the registry may let nobody look any more when it is taken up again. */
async function interrupt({ services, run, repository }: Work, result: RepositoryResult, remains: Remains, { swept }: SweepResult) {
  const { exceptions, results } = runStore(services.tables)
  const { outcomes = 0, activations } = result
  const told = [...swept].map(
    ([digest, end]): Exception => ({
      digest,
      outcome: isGone(end) ? 'deleted' : end.outcome,
      ...(end.outcome === 'failed' && { problem: end.problem }),
    }),
  )
  const rows = await writePieces(exceptions, run.id, outcomesName(repository), told, outcomes)
  await results.upsert(run.id, rowKey(repository), { ...counted(result, remains), activations: activations + 1, outcomes: outcomes + rows })
}

/** Every way in which a plan ends: it and what came of it are told. */
async function conclude(
  cleaning: Cleaning,
  result: RepositoryResult,
  remains: Remains,
  ending: Pick<RepositoryResult, 'result' | 'hold' | 'problem'>,
): Promise<Cleaned> {
  const { services, run } = cleaning
  const exceptions = await writePieces(runStore(services.tables).exceptions, run.id, result.repository, remains.exceptions)
  return settle(cleaning, { ...counted(result, remains), ...ending, exceptions })
}

async function settle({ services, run }: Cleaning, result: RepositoryResult): Promise<Cleaned> {
  await runStore(services.tables).results.upsert(run.id, rowKey(result.repository), { ...result, state: 'done' })
  return DONE
}
