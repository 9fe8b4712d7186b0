/** A plan as an operation shows it, as far as its shape goes. */
export type PlanNode<Step> = PlanGroup<Step> | (Step & { readonly type: 'step' })

interface PlanGroup<Step> {
  readonly type: 'sequence' | 'parallel'
  readonly nodes: readonly PlanNode<Step>[]
}

/** Seconds that the whole plan needs at least, if a step takes what `secondsOf` says and nothing else takes time. */
export function longestPath<Step>(node: PlanNode<Step>, secondsOf: (step: Step) => number): number {
  if (node.type === 'step') return secondsOf(node)
  const parts = node.nodes.map((part) => longestPath(part, secondsOf))
  return node.type === 'sequence' ? parts.reduce((sum, part) => sum + part, 0) : Math.max(0, ...parts)
}

/** Seconds until this one step has ended at the earliest; undefined where it is not in the plan. */
export function pathThrough<Step>(
  node: PlanNode<Step>,
  isLast: (step: Step) => boolean,
  secondsOf: (step: Step) => number,
): number | undefined {
  if (node.type === 'step') return isLast(node) ? secondsOf(node) : undefined
  let before = 0
  for (const part of node.nodes) {
    const through = pathThrough(part, isLast, secondsOf)
    if (through !== undefined) return before + through
    if (node.type === 'sequence') before += longestPath(part, secondsOf)
  }
  return undefined
}
