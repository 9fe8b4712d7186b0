import type { Decision } from './decide.ts'
import type { Node } from './manifest-graph.ts'
import type { Finding } from './run.ts'

/** What a preview shows of a decision: everything untagged, what goes first, each with what decided it. */
export function findingsOf(
  { deletable, kept, graph }: Decision,
  untaggedSince: (digest: string) => number | undefined,
): readonly Finding[] {
  const describe = ({ digest, mediaType, size, pushedOn }: Node) => {
    const since = untaggedSince(digest)
    return {
      digest,
      size,
      ...(mediaType !== undefined && { mediaType: mediaType.slice(0, 200) }),
      ...(pushedOn !== undefined && { pushedOn }),
      ...(since !== undefined && { untaggedSince: since }),
    }
  }
  const going = deletable.map((node): Finding => ({ ...describe(node), decision: 'delete', reason: 'untagged' }))
  const staying = [...kept].flatMap(([digest, reason]): Finding[] => {
    const node = graph.nodes.get(digest)
    if (!node || node.tags.length > 0) return []
    return [{ ...describe(node), decision: 'keep', reason: reason.reason, ...('by' in reason && { by: reason.by }) }]
  })
  return [...going, ...staying]
}
