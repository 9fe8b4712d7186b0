import { holds, type ManifestGraph, type Node } from './manifest-graph.ts'

/**
 * The digests of the newest `count` trees among the untagged manifests. A tree is an image with all it is made of and all that refers to it;
 * its age is that of its top. What two trees share is kept with either.
 */
export function newestTrees(graph: ManifestGraph, untagged: readonly Node[], count: number): ReadonlySet<string> {
  if (count === 0) return new Set()
  const among = new Set(untagged)
  const tops = untagged.filter((node) => isTop(graph, node, among))
  return new Set(
    tops
      .sort((a, b) => (b.pushedOn ?? Number.POSITIVE_INFINITY) - (a.pushedOn ?? Number.POSITIVE_INFINITY) || (a.digest < b.digest ? -1 : 1))
      .slice(0, count)
      .map(({ digest }) => digest),
  )
}

function isTop(graph: ManifestGraph, node: Node, among: ReadonlySet<Node>): boolean {
  if (graph.parents(node).some((parent) => among.has(parent))) return false
  const subject = graph.subject(node)
  // An attestation in the shape of an index may speak about its own child: the index is the top of the two.
  return !subject || !among.has(subject) || holds(graph, node, subject)
}
