import type { ManifestGraph, Node } from './manifest-graph.ts'

/** The chosen manifests in groups that hang together, each in the order given; the groups in the order of their smallest digest, as listings are. */
export function unitsOf(graph: ManifestGraph, chosen: readonly Node[]): readonly (readonly Node[])[] {
  const among = new Map(chosen.map((node, place) => [node, place]))
  const leader = chosen.map((_, place) => place)
  const find = (place: number): number => {
    let top = place
    for (let up = leader[top]; up !== undefined && up !== top; up = leader[top]) {
      leader[top] = leader[up] ?? up
      top = up
    }
    return top
  }
  for (const [place, node] of chosen.entries()) {
    for (const { node: other } of graph.keeps(node)) {
      const at = among.get(other)
      if (at !== undefined) leader[find(at)] = find(place)
    }
  }
  const units = new Map<number, Node[]>()
  for (const [place, node] of chosen.entries()) {
    const top = find(place)
    const unit = units.get(top)
    if (unit) unit.push(node)
    else units.set(top, [node])
  }
  const first = (unit: readonly Node[]) => unit.map(({ digest }) => digest).sort()[0] ?? ''
  return [...units.values()]
    .map((unit) => ({ unit, key: first(unit) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ unit }) => unit)
}
