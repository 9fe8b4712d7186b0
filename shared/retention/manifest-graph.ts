import type { Body, Links, Manifest } from './manifest.ts'

export interface Node extends Manifest {
  readonly body: Body
}

/** How one manifest keeps another: as what it is made of, as what it speaks about, or as what speaks about it. */
export type Bond = 'child' | 'subject' | 'referrer'

export interface Neighbour {
  readonly bond: Bond
  readonly node: Node
}

/** The manifests of one repository and what binds them. Links to what the repository does not hold lead nowhere. */
export interface ManifestGraph {
  readonly nodes: ReadonlyMap<string, Node>
  /** All that has to stay when this one stays. */
  keeps(node: Node): readonly Neighbour[]
  /** The indexes that hold it. */
  parents(node: Node): readonly Node[]
  children(node: Node): readonly Node[]
  subject(node: Node): Node | undefined
}

const NONE: readonly Node[] = []
const NOBODY: readonly Neighbour[] = []
/** Most manifests have none, and there may be a hundred thousand: they share this. */
const NO_LINKS: Links = { children: [] }

export const linksOf = ({ body }: Node): Links | undefined => (typeof body === 'string' ? undefined : body)

export function manifestGraph(manifests: readonly Manifest[], bodies: ReadonlyMap<string, Body>): ManifestGraph {
  const nodes = new Map<string, Node>()
  for (const manifest of manifests) nodes.set(manifest.digest, { ...manifest, body: bodies.get(manifest.digest) ?? NO_LINKS })
  const parents = new Map<string, Node[]>()
  const referrers = new Map<string, Node[]>()
  for (const node of nodes.values()) {
    const { children = [], subject } = linksOf(node) ?? {}
    for (const child of children) push(parents, child, node)
    if (subject !== undefined) push(referrers, subject, node)
  }
  const present = (digests: readonly string[]) => (digests.length === 0 ? NONE : digests.flatMap((digest) => nodes.get(digest) ?? []))
  const children = (node: Node) => present(linksOf(node)?.children ?? [])
  const subject = (node: Node) => nodes.get(linksOf(node)?.subject ?? '')
  return {
    nodes,
    parents: ({ digest }) => parents.get(digest) ?? NONE,
    children,
    subject,
    keeps(node) {
      const about = subject(node)
      const parts = children(node)
      const speaking = referrers.get(node.digest) ?? NONE
      if (!about && parts.length + speaking.length === 0) return NOBODY
      return [
        ...parts.map((child) => ({ bond: 'child' as const, node: child })),
        ...(about ? [{ bond: 'subject' as const, node: about }] : []),
        ...speaking.map((referrer) => ({ bond: 'referrer' as const, node: referrer })),
      ]
    },
  }
}

function push(map: Map<string, Node[]>, key: string, node: Node): void {
  const list = map.get(key)
  if (list) list.push(node)
  else map.set(key, [node])
}

/** Calls `reach` for everything that `roots` keep, once each, roots excepted; `reach` answers false for what it knows already. */
export function spread(graph: ManifestGraph, roots: Iterable<Node>, reach: (neighbour: Neighbour, by: Node) => boolean): void {
  const stack = [...roots]
  for (let node = stack.pop(); node; node = stack.pop()) {
    for (const neighbour of graph.keeps(node)) if (reach(neighbour, node)) stack.push(neighbour.node)
  }
}

/** Whether an index is made of `wanted`, at any depth. */
export function holds(graph: ManifestGraph, index: Node, wanted: Node): boolean {
  const seen = new Set<Node>()
  const stack = [index]
  for (let node = stack.pop(); node; node = stack.pop()) {
    for (const child of graph.children(node)) {
      if (child === wanted) return true
      if (!seen.has(child)) stack.push(child)
      seen.add(child)
    }
  }
  return false
}
