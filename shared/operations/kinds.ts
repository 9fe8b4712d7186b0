import type { OperationKind } from './operation-kind.ts'
import type { StepKind } from './step.ts'

/** A step kind whose arguments' type is worn off: they come back from a stored plan as its planner wrote them. */
export type AnyStepKind = StepKind<never>

export interface Kinds {
  readonly steps: ReadonlyMap<string, AnyStepKind>
  readonly operations: ReadonlyMap<string, OperationKind>
}

/** By their names; two of one name are a mistake in the app and throw. */
export function byKind<Kind extends { readonly kind: string }>(...lists: readonly (readonly Kind[])[]): ReadonlyMap<string, Kind> {
  const kinds = new Map<string, Kind>()
  for (const entry of lists.flat()) {
    if (kinds.has(entry.kind)) throw new Error(`Two things are registered as ${entry.kind}.`)
    kinds.set(entry.kind, entry)
  }
  return kinds
}
