import type { Json } from './json.ts'

/** What an operation will do, as plain data: shown by a dry run, stored with the operation, walked by the executor. */
export type Plan = Step | Sequence | Parallel

export interface Step {
  readonly type: 'step'
  /** Unique within the plan and the same at every planning of the same thing, e.g. `virtual-machine.create:demo-master`. */
  readonly id: string
  /** Key into the step kinds, e.g. `virtual-machine.create`. */
  readonly kind: string
  readonly title: string
  readonly args: Json
  /** Typical duration in seconds, for progress and for the time of the first look. */
  readonly seconds: number
  /** ARM ids that this step creates, changes or deletes. */
  readonly touches: readonly string[]
}

export interface Sequence {
  readonly type: 'sequence'
  readonly title: string
  readonly nodes: readonly Plan[]
}

export interface Parallel {
  readonly type: 'parallel'
  readonly title: string
  readonly nodes: readonly Plan[]
}

export const sequence = (title: string, ...nodes: readonly Plan[]): Sequence => ({ type: 'sequence', title, nodes })
export const parallel = (title: string, ...nodes: readonly Plan[]): Parallel => ({ type: 'parallel', title, nodes })

/** Seconds on the longest path: what the operation takes if nothing but Azure takes time. */
export function criticalPath(plan: Plan): number {
  switch (plan.type) {
    case 'step':
      return plan.seconds
    case 'sequence':
      return plan.nodes.reduce((sum, node) => sum + criticalPath(node), 0)
    case 'parallel':
      return Math.max(0, ...plan.nodes.map(criticalPath))
  }
}

/** The steps of a plan in the order of reading. */
export function stepsOf(plan: Plan): readonly Step[] {
  return plan.type === 'step' ? [plan] : plan.nodes.flatMap(stepsOf)
}
