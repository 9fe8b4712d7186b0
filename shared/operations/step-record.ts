import * as z from 'zod'
import { problemSchema } from './problem-schema.ts'

export const stepStates = ['waiting', 'running', 'done', 'failed', 'undoing', 'undone'] as const
export type StepState = (typeof stepStates)[number]

/** How far a step of a plan is. A step without a record has not begun (`waiting`). Times are epoch milliseconds. */
export const stepRecordSchema = z.strictObject({
  id: z.string(),
  kind: z.string(),
  state: z.enum(stepStates),
  /** The operation's attempt in which it last began. */
  attempt: z.int().positive(),
  begunAt: z.number(),
  endedAt: z.number().exactOptional(),
  /** What it waits for, for the one who looks on. */
  note: z.string().exactOptional(),
  problem: problemSchema.exactOptional(),
})
export type StepRecord = Readonly<z.output<typeof stepRecordSchema>>
