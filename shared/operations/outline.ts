import type { Plan } from './plan.ts'

/** A plan as the orchestrations see it: the ids of its steps in their order. What runs one after the other is one flat list. */
export type Outline = readonly Unit[]

export type Unit = { readonly step: string } | { readonly parallel: readonly Outline[] }

/** Nested sequences and nested parallels mean the same without their nesting; every level less is an orchestration less. */
export function outlineOf(plan: Plan): Outline {
  switch (plan.type) {
    case 'step':
      return [{ step: plan.id }]
    case 'sequence':
      return plan.nodes.flatMap(outlineOf)
    case 'parallel':
      return sideBySide(plan.nodes.map(outlineOf).flatMap(branchesOf))
  }
}

/** The way back: what came last is undone first, what ran side by side is undone side by side. */
export function reversed(outline: Outline): Outline {
  return outline.toReversed().map((unit) => ('step' in unit ? unit : { parallel: unit.parallel.map(reversed) }))
}

function branchesOf(outline: Outline): readonly Outline[] {
  const [first, second] = outline
  if (!first) return []
  return !second && 'parallel' in first ? first.parallel : [outline]
}

function sideBySide(branches: readonly Outline[]): Outline {
  const [first, second] = branches
  if (!first) return []
  return second ? [{ parallel: branches }] : first
}
