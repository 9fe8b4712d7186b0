import { classify } from '../azure/classify.ts'
import type { Clock } from '../clock.ts'
import type { Problem } from '../problem.ts'
import type { DataPlane } from '../registries/data-plane/data-plane.ts'
import type { Decision } from './decide.ts'
import { bindsBefore, goesAlong } from './deletion-order.ts'
import { createLastLook, FRESH, STALE, StaleDecision } from './last-look.ts'
import type { Manifest } from './manifest.ts'
import { type Node, spread } from './manifest-graph.ts'
import type { Scan } from './scan.ts'
import { unitsOf } from './units.ts'

/**
 * How a deletion ended. `retagged`: it had a tag again. `bound`: it belongs to something that stays after all.
 * `locked`: it was locked meanwhile. `gone`: somebody else was faster, or the registry took it along with its subject.
 */
export type Swept =
  | { readonly outcome: 'deleted' | 'gone' | 'retagged' | 'locked' | 'bound' }
  | { readonly outcome: 'failed'; readonly problem: Problem }

export interface SweepResult {
  readonly swept: ReadonlyMap<string, Swept>
  /** Time ran out before everything was tried, or so much was pushed that it has to be decided anew. */
  readonly unfinished: boolean
  /** Seconds after which going on makes sense, where the registry said so. */
  readonly retryAfter?: number
}

export interface SweepParts {
  readonly dataPlane: DataPlane
  readonly repository: string
  readonly scan: Scan
  readonly decision: Decision
  /** What may be deleted of it: the preview. */
  readonly planned: ReadonlySet<string>
  /** Resolves when that is written down: nothing is deleted before. */
  readonly recorded: Promise<unknown>
  readonly clock: Clock
  /** Epoch ms after which nothing new is begun. */
  readonly until: number
}

/** Units worked on side by side; how many calls there are at once is the data plane's to say. */
const AT_ONCE = 256
/** One manifest may be refused for a reason of its own; so many in a row say that the role is gone. */
const MOST_REFUSALS = 50

/**
 * Deletes what was decided, each after a last look. What turns out to be in use again keeps all that it reaches: whole trees are looked at
 * before the first of them goes. One failure never stops the others.
 */
export async function sweep(parts: SweepParts): Promise<SweepResult> {
  const { dataPlane, repository, decision, planned, clock, until } = parts
  const { graph } = decision
  const units = unitsOf(
    graph,
    decision.deletable.filter(({ digest }) => planned.has(digest)),
  )
  const look = createLastLook({
    dataPlane,
    repository,
    manifests: parts.scan.manifests,
    seenAt: parts.scan.seenAt,
    order: units.flatMap((unit) => unit.map(({ digest }) => digest)),
    clock,
  })
  const swept = new Map<string, Swept>()
  let stopped: Problem | 'time' | 'stale' | undefined
  /** Refusals since the latest deletion, and the one after which nothing more is tried. */
  let refusals = 0
  let forbidden: Problem | undefined

  function spare(node: Node, outcome: 'retagged' | 'locked' | 'bound'): void {
    if (!swept.has(node.digest)) swept.set(node.digest, { outcome })
    spread(graph, [node], ({ node: bound }) => {
      if (swept.has(bound.digest)) return false
      swept.set(bound.digest, { outcome: 'bound' })
      return true
    })
  }

  /** Something pushed since the decision may be made of what was about to go. Whoever waits for this sees what it spared. */
  let admission: Promise<void> = Promise.resolve()
  const admit = async (newcomers: readonly Manifest[]): Promise<void> => {
    const bodies = await Promise.all(newcomers.map(({ digest }) => dataPlane.body(repository, digest)))
    for (const [place, newcomer] of newcomers.entries()) {
      const body = bodies[place] ?? 'unreadable'
      if (body === 'unreadable') throw new StaleDecision(`What ${newcomer.digest} refers to cannot be read.`)
      // What was deleted and pushed again may have been spoken about before.
      if (body !== 'gone') for (const { node } of graph.keeps({ ...newcomer, body })) spare(node, 'bound')
    }
  }

  async function admitNewcomers(): Promise<void> {
    const newcomers = await look.newcomers()
    if (newcomers.length > 0) admission = admission.then(() => admit(newcomers))
    await admission
  }

  async function lookAt(node: Node): Promise<void> {
    const now = await look.at(node.digest)
    const reason = now && reasonToKeep(now)
    if (reason) spare(node, reason)
  }

  const lookAtAll = (nodes: readonly Node[]) => Promise.all([admitNewcomers(), ...nodes.map(lookAt)])

  /** Looks at all that a deletion takes away. One look may have waited for its turn while others went stale: then once more, less strictly each time. */
  async function isFree(node: Node): Promise<boolean> {
    const going = goesAlong(graph, node).filter(({ digest }) => !isGone(swept.get(digest)))
    const digests = going.map(({ digest }) => digest)
    for (let within = FRESH; within <= STALE; within *= 2) {
      await lookAtAll(going)
      if (swept.has(node.digest)) return false
      if (look.holds(digests, within)) return true
    }
    throw new StaleDecision('The registry is too slow.')
  }

  async function remove(node: Node): Promise<void> {
    if (swept.has(node.digest)) return
    if (!bindsBefore(graph, node).every((before) => !planned.has(before.digest) || isGone(swept.get(before.digest))))
      return spare(node, 'bound')
    // Others wait in line when the last refusal comes.
    const deletion = await dataPlane.remove(repository, node.digest, async () => !forbidden && (await isFree(node)))
    if (deletion === 'locked') spare(node, 'locked')
    else if (deletion !== 'spared') {
      swept.set(node.digest, { outcome: deletion })
      look.gone(node.digest)
      refusals = 0
    }
  }

  async function attempt(node: Node): Promise<void> {
    try {
      await remove(node)
    } catch (error) {
      fail([node], error)
    }
  }

  function fail(nodes: readonly Node[], error: unknown): void {
    const problem = classify(error)
    if (problem.code === 'throttled') stopped ??= problem
    else if (error instanceof StaleDecision) stopped ??= 'stale'
    else {
      for (const { digest } of nodes) if (!swept.has(digest)) swept.set(digest, { outcome: 'failed', problem })
      if (problem.code === 'permission' && ++refusals >= MOST_REFUSALS) forbidden ??= problem
    }
  }

  /** All of a tree is looked at before the first of it goes: what one of them keeps must still be there. */
  async function removeTree(unit: readonly Node[]): Promise<void> {
    if (unit.length > 1) {
      try {
        await lookAtAll(unit)
      } catch (error) {
        return fail(unit, error)
      }
    }
    for (const node of unit) {
      if (stopped || forbidden) return
      await attempt(node)
    }
  }

  await Promise.all([parts.recorded, look.begin()])
  let next = 0
  const worker = async () => {
    for (let unit = units[next++]; unit && !stopped && !forbidden; unit = units[next++]) {
      if (clock.now() > until) stopped = 'time'
      else await removeTree(unit)
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, units.length) }, worker))

  if (forbidden) {
    for (const { digest } of decision.deletable) if (!swept.has(digest)) swept.set(digest, { outcome: 'failed', problem: forbidden })
  }
  const retryAfter = typeof stopped === 'object' ? stopped.retryAfter : undefined
  for (const digest of swept.keys()) if (!planned.has(digest)) swept.delete(digest)
  return { swept, unfinished: stopped !== undefined, ...(retryAfter !== undefined && { retryAfter }) }
}

/** Nobody will find it any more, whoever deleted it. */
export const isGone = (swept: Swept | undefined): boolean => swept?.outcome === 'deleted' || swept?.outcome === 'gone'

function reasonToKeep({ tags, locked, quarantined }: Manifest): 'retagged' | 'locked' | undefined {
  if (tags.length > 0) return 'retagged'
  return locked || quarantined ? 'locked' : undefined
}
