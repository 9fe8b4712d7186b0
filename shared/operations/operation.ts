import * as z from 'zod'
import { problemSchema } from './problem-schema.ts'

export const operationStates = ['pending', 'running', 'cancelling', 'succeeded', 'failed', 'cancelled'] as const
export type OperationState = (typeof operationStates)[number]

/** Somebody asked it to stop. With `undo` what it made is taken back before it ends. */
const cancelSchema = z.strictObject({
  by: z.string(),
  undo: z.boolean(),
  /** Epoch seconds. */
  at: z.number(),
})

/** What an operation works on. Its rows and its resource ledger are filed under the id. */
export const subjectSchema = z.strictObject({ type: z.enum(['cluster', 'backup', 'account']), id: z.string() })
export type Subject = Readonly<z.output<typeof subjectSchema>>

/** One thing that takes time, done for one cluster, or for what outlives clusters. Its plan is a row of its own (it is large and never changes). Times are epoch seconds. */
export const operationSchema = z.strictObject({
  id: z.string(),
  subject: subjectSchema,
  /** e.g. `create-cluster`; key into the operation kinds. */
  kind: z.string(),
  title: z.string(),
  state: z.enum(operationStates),
  /** Which orchestration works for it: 1 at first, one more at each retry and at each restart by the watchdog. Others are stale and do nothing. */
  attempt: z.int().positive(),
  requestedBy: z.string(),
  createdOn: z.number(),
  startedOn: z.number().exactOptional(),
  endedOn: z.number().exactOptional(),
  problem: problemSchema.exactOptional(),
  failedStep: z.string().exactOptional(),
  cancel: cancelSchema.exactOptional(),
  /** An operation on the same subject that this one calls off, and that must settle before this one begins. */
  supersedes: z.string().exactOptional(),
})
export type Operation = Readonly<z.output<typeof operationSchema>>
export type Cancel = Readonly<z.output<typeof cancelSchema>>

const endStates: readonly OperationState[] = ['succeeded', 'failed', 'cancelled']

export const hasEnded = (operation: Operation): boolean => endStates.includes(operation.state)
