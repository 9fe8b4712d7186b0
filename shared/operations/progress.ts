import { criticalPath, type Plan, type Step } from './plan.ts'
import type { StepRecord } from './step-record.ts'

/** A step that runs longer than expected is still this much of its duration from its end. */
const LEAST_LEFT = 0.05

/** How to find a step's record; undefined: it has not begun. */
export type Records = (stepId: string) => StepRecord | undefined

/** Real Azure's seconds until the plan is through, if the steps go on as they usually take. `now`: epoch milliseconds. */
export function secondsLeft(plan: Plan, records: Records, now: number, speed: number): number {
  switch (plan.type) {
    case 'step':
      return stepLeft(plan, records(plan.id), now, speed)
    case 'sequence':
      return plan.nodes.reduce((sum, node) => sum + secondsLeft(node, records, now, speed), 0)
    case 'parallel':
      return Math.max(0, ...plan.nodes.map((node) => secondsLeft(node, records, now, speed)))
  }
}

/** 0 to 1: how much of the way is behind, measured in time along the critical path. */
export function progressOf(plan: Plan, records: Records, now: number, speed: number): number {
  const whole = criticalPath(plan)
  return whole === 0 ? 1 : Math.min(1, Math.max(0, 1 - secondsLeft(plan, records, now, speed) / whole))
}

function stepLeft(step: Step, record: StepRecord | undefined, now: number, speed: number): number {
  if (record?.state === 'done') return 0
  if (record?.state !== 'running') return step.seconds
  const spent = (Math.max(0, now - record.begunAt) / 1000) * speed
  return Math.max(step.seconds * LEAST_LEFT, step.seconds - spent)
}
