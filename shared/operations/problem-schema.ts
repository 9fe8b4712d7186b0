import type { ZodType } from 'zod'
import * as z from 'zod'
import type { Problem, ProblemCode } from '../problem.ts'

/** Keeps the list complete: a code that is missing here does not compile. */
const codes: Record<ProblemCode, true> = {
  permission: true,
  quota: true,
  capacity: true,
  conflict: true,
  throttled: true,
  transient: true,
  invalid: true,
  'not-found': true,
  stuck: true,
  cancelled: true,
  unauthenticated: true,
  forbidden: true,
  'too-large': true,
  'rate-limited': true,
  unsupported: true,
  unknown: true,
}

/** A problem as it is stored with an operation and answered to a caller. */
export const problemSchema: ZodType<Problem, Problem> = z.strictObject({
  code: z.enum(Object.keys(codes) as ProblemCode[]),
  message: z.string(),
  remedy: z.string().exactOptional(),
  field: z.string().exactOptional(),
  action: z.string().exactOptional(),
  scope: z.string().exactOptional(),
  azureCode: z.string().exactOptional(),
  resource: z.string().exactOptional(),
  retryable: z.boolean(),
  retryAfter: z.number().exactOptional(),
})
