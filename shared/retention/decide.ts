import { deletionOrder } from './deletion-order.ts'
import { type Body, isKnownType, type Manifest, MOST_ANNOTATIONS } from './manifest.ts'
import { type Bond, linksOf, type ManifestGraph, manifestGraph, type Node, spread } from './manifest-graph.ts'
import { newestTrees } from './newest-trees.ts'
import type { Policy, Rule } from './policy.ts'

/** Why a manifest stays for what it is. */
export type OwnReason =
  | 'tagged'
  | 'locked'
  | 'quarantined'
  | 'unknown-type'
  | 'unreadable'
  | 'protected-digest'
  | 'protected-annotation'
  | 'newest'
  | 'young'
  | 'waiting'

/** Why it stays: for what it is, or bound to another that stays (`by`). */
export type KeepReason = { readonly reason: OwnReason } | { readonly reason: Bond; readonly by: string }

/** Why nothing may be deleted from a whole repository, whatever stands in it. */
export type Hold = 'repository-locked' | 'unreadable' | 'brake'

export interface RepositoryFacts {
  /** Every manifest of the repository. */
  readonly manifests: readonly Manifest[]
  /** Of every manifest whose type can have links. */
  readonly bodies: ReadonlyMap<string, Body>
  readonly repositoryLocked: boolean
  /** Epoch seconds when it was first seen untagged. */
  readonly untaggedSince: (digest: string) => number | undefined
  /** Epoch seconds. */
  readonly now: number
}

export interface Decision {
  readonly graph: ManifestGraph
  /** In an order in which every index goes before what it is made of. What is held is decided all the same, for the preview. */
  readonly deletable: readonly Node[]
  /** Every other manifest. */
  readonly kept: ReadonlyMap<string, KeepReason>
  readonly hold?: Hold
  /** Epoch seconds from which a new decision on the same facts would differ; absent: never. */
  readonly nextDue?: number
}

const DAY = 86_400

type Protection = Pick<Policy, 'protectedDigests' | 'protectedAnnotations' | 'brake'>

/**
 * What may go from one repository. Roots stay for what they are; whatever they reach by children, subjects and referrers stays with them,
 * whether it is tagged, locked, of any type; the rest is old enough and goes. One body that cannot be read holds the whole repository:
 * it might name anything.
 */
export function decide(facts: RepositoryFacts, rule: Rule, policy: Protection): Decision {
  const graph = manifestGraph(facts.manifests, facts.bodies)
  const kept = new Map<string, KeepReason>()
  const protectedDigests = new Set(policy.protectedDigests)
  const nodes = [...graph.nodes.values()]

  keep(graph, kept, nodes, (node) => lastingReason(node, protectedDigests, policy))
  const untagged = nodes.filter(({ digest }) => !kept.has(digest))
  const newest = newestTrees(graph, untagged, rule.keepNewest)
  keep(graph, kept, untagged, ({ digest }) => (newest.has(digest) ? 'newest' : undefined))
  const due = (node: Node) => dueOf(node, rule, facts)
  keep(graph, kept, untagged, (node) => ageReason(due(node), facts.now))

  const deletable = deletionOrder(
    graph,
    nodes.filter(({ digest }) => !kept.has(digest)),
  )
  const hold = holdOf(facts, nodes, deletable.length, policy)
  let nextDue = Number.POSITIVE_INFINITY
  for (const node of untagged) {
    const time = kept.has(node.digest) ? latest(due(node)) : 0
    if (time > facts.now) nextDue = Math.min(nextDue, time)
  }
  return { graph, deletable, kept, ...(hold && { hold }), ...(Number.isFinite(nextDue) && { nextDue }) }
}

/** Roots first, so that each says what it is and not by whom else it is kept. */
function keep(
  graph: ManifestGraph,
  kept: Map<string, KeepReason>,
  nodes: readonly Node[],
  reasonOf: (node: Node) => OwnReason | undefined,
): void {
  const roots: Node[] = []
  for (const node of nodes) {
    if (kept.has(node.digest)) continue
    const reason = reasonOf(node)
    if (!reason) continue
    kept.set(node.digest, { reason })
    roots.push(node)
  }
  spread(graph, roots, ({ bond, node }, by) => {
    if (kept.has(node.digest)) return false
    kept.set(node.digest, { reason: bond, by: by.digest })
    return true
  })
}

/** What time alone does not change. */
function lastingReason(node: Node, protectedDigests: ReadonlySet<string>, { protectedAnnotations }: Protection): OwnReason | undefined {
  if (node.locked) return 'locked'
  if (node.tags.length > 0) return 'tagged'
  if (node.quarantined) return 'quarantined'
  if (!isKnownType(node.mediaType)) return 'unknown-type'
  if (node.body === 'unreadable') return 'unreadable'
  if (protectedDigests.has(node.digest)) return 'protected-digest'
  const { annotations = {} } = linksOf(node) ?? {}
  // The one that protects may be among those that were not remembered.
  const hasMore = Object.keys(annotations).length >= MOST_ANNOTATIONS
  const isProtected = protectedAnnotations.some(({ name, value }) => {
    const given = Object.hasOwn(annotations, name) ? annotations[name] : undefined
    return given === undefined ? hasMore : value === undefined || value === given
  })
  return isProtected ? 'protected-annotation' : undefined
}

interface Due {
  /** Epoch seconds; infinite where nothing says when it was pushed or untagged. */
  readonly grown: number
  readonly untagged: number
}

const latest = ({ grown, untagged }: Due): number => Math.max(grown, untagged)

function dueOf({ digest, pushedOn = Number.POSITIVE_INFINITY }: Node, rule: Rule, { untaggedSince, now }: RepositoryFacts): Due {
  return { grown: pushedOn + rule.minimumAgeDays * DAY, untagged: (untaggedSince(digest) ?? now) + rule.untaggedDays * DAY }
}

function ageReason({ grown, untagged }: Due, now: number): OwnReason | undefined {
  if (grown > now) return 'young'
  return untagged > now ? 'waiting' : undefined
}

function holdOf(facts: RepositoryFacts, nodes: readonly Node[], deletable: number, { brake }: Protection): Hold | undefined {
  if (facts.repositoryLocked) return 'repository-locked'
  if (nodes.some(({ body }) => body === 'unreadable')) return 'unreadable'
  if (deletable > brake.manifests || deletable > brake.share * nodes.length) return 'brake'
  return undefined
}
