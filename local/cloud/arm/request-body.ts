import type { z } from 'zod'
import type { JsonObject } from '../resource.ts'
import { ArmError } from './arm-error.ts'

/** The body as `schema` gives it; else Azure's 400 with the path of the first member that does not fit. */
export function parseBody<T>(schema: z.ZodType<T>, call: { readonly body: JsonObject }): T {
  const parsed = schema.safeParse(call.body)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const path = issue?.path.join('.') ?? ''
  throw new ArmError(
    400,
    'InvalidRequestContent',
    `The request content was invalid and could not be deserialized: '${issue?.message ?? 'invalid'}. Path '${path}'.'`,
    {
      target: path,
    },
  )
}
