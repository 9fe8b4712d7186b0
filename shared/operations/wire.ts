import type { ZodType } from 'zod'
import * as z from 'zod'
import { operationStates, subjectSchema } from './operation.ts'
import { problemSchema } from './problem-schema.ts'
import { stepStates } from './step-record.ts'

const epochSeconds = z.number().describe('Epoch seconds')

/** `interrupted`: the operation ended while the step was under way. */
export const shownStepStates = [...stepStates, 'interrupted'] as const

export const shownStep = z.object({
  type: z.literal('step'),
  id: z.string(),
  kind: z.string(),
  title: z.string(),
  seconds: z.number().describe('Expected duration'),
  touches: z.array(z.string()).readonly().describe('Azure resources that it creates, changes or deletes'),
  state: z.enum(shownStepStates),
  startedOn: epochSeconds.exactOptional(),
  endedOn: epochSeconds.exactOptional(),
  note: z.string().exactOptional(),
  problem: problemSchema.exactOptional(),
})
export type ShownStep = z.output<typeof shownStep>

export interface ShownGroup {
  readonly type: 'sequence' | 'parallel'
  readonly title: string
  readonly nodes: readonly ShownNode[]
}
export type ShownNode = ShownStep | ShownGroup

const shownGroup: ZodType<ShownGroup, ShownGroup> = z.object({
  type: z.enum(['sequence', 'parallel']),
  title: z.string(),
  get nodes() {
    return z.array(shownNode).readonly()
  },
})
export const shownNode: ZodType<ShownNode, ShownNode> = z.union([shownStep, shownGroup])

const allowedAction = z.object({
  action: z.enum(['retry', 'cancel']),
  allowed: z.boolean(),
  reason: z.string().exactOptional(),
  remedy: z.string().exactOptional(),
})

export const operationSummary = z.object({
  id: z.string(),
  subject: subjectSchema,
  clusterId: z.string().exactOptional().describe('The subject, where that is a cluster'),
  kind: z.string(),
  title: z.string(),
  state: z.enum(operationStates),
  attempt: z.number(),
  requestedBy: z.string(),
  createdOn: epochSeconds,
  startedOn: epochSeconds.exactOptional(),
  endedOn: epochSeconds.exactOptional(),
  problem: problemSchema.exactOptional(),
  failedStep: z.string().exactOptional(),
  allowedActions: z.array(allowedAction).readonly(),
})
export type OperationSummary = z.output<typeof operationSummary>

export const operationView = operationSummary.extend({
  progress: z.number().describe('0 to 1'),
  eta: epochSeconds.exactOptional(),
  steps: shownNode,
})
export type OperationView = z.output<typeof operationView>

/** What a dry run answers: the plan that would run. */
export const planView = z.object({
  seconds: z.number().describe('Expected duration: the longest path through the plan'),
  steps: shownNode,
  touches: z.array(z.string()).readonly().describe('Every Azure resource that the plan creates, changes or deletes'),
})
export type PlanView = z.output<typeof planView>
