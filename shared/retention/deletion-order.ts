import { holds, type ManifestGraph, type Node } from './manifest-graph.ts'

/**
 * Indexes before what they are made of, so that a run that breaks off leaves orphans and no index with a hole; and, where that leaves a choice,
 * a subject before what refers to it, so that nothing that is still there has lost its signature.
 */
export function deletionOrder(graph: ManifestGraph, nodes: readonly Node[]): readonly Node[] {
  const chosen = new Set(nodes)
  const depths = subjectDepths(graph, chosen)
  const ordered = new Set<Node>()
  for (const start of [...nodes].sort((a, b) => (depths.get(a) ?? 0) - (depths.get(b) ?? 0))) {
    if (graph.parents(start).length === 0) ordered.add(start)
    else afterParents(graph, start, chosen, ordered)
  }
  return [...ordered]
}

/** Depth first without recursion: a chain may be as long as the repository. */
function afterParents(graph: ManifestGraph, start: Node, chosen: ReadonlySet<Node>, ordered: Set<Node>): void {
  const open = new Set<Node>()
  const stack: { readonly node: Node; readonly parents: Node[] }[] = []
  const enter = (node: Node) => {
    if (!chosen.has(node) || ordered.has(node) || open.has(node)) return
    open.add(node)
    stack.push({ node, parents: [...graph.parents(node)] })
  }
  enter(start)
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const parent = top.parents.pop()
    if (parent) {
      enter(parent)
      continue
    }
    stack.pop()
    ordered.add(top.node)
  }
}

/** How many subjects stand above each manifest: a signature 1, a signature of it 2. */
function subjectDepths(graph: ManifestGraph, chosen: ReadonlySet<Node>): ReadonlyMap<Node, number> {
  const depths = new Map<Node, number>()
  for (const start of chosen) {
    if (depths.has(start)) continue
    if (!graph.subject(start)) {
      depths.set(start, 0)
      continue
    }
    const chain: Node[] = []
    const seen = new Set<Node>()
    let node: Node | undefined = start
    while (node && chosen.has(node) && !depths.has(node) && !seen.has(node)) {
      seen.add(node)
      chain.push(node)
      node = graph.subject(node)
    }
    let depth = (node && depths.get(node)) ?? -1
    for (const one of chain.reverse()) depths.set(one, ++depth)
  }
  return depths
}

/** What must be gone before a manifest goes: the indexes that hold it and what it speaks about, unless that is a part of itself. */
export function bindsBefore(graph: ManifestGraph, node: Node): readonly Node[] {
  const subject = graph.subject(node)
  const parents = graph.parents(node)
  return subject && !holds(graph, node, subject) ? [...parents, subject] : parents
}

/** What the registry deletes together with a manifest: itself, what speaks about it, and what speaks about that. */
export function goesAlong(graph: ManifestGraph, node: Node): readonly Node[] {
  const all = new Set([node])
  for (const one of all) for (const { bond, node: referrer } of graph.keeps(one)) if (bond === 'referrer') all.add(referrer)
  return [...all]
}
