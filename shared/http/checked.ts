import type { ZodType } from 'zod'
import { invalid, ProblemError } from '../problem.ts'

/** Most complaints of one answer. */
const SHOWN = 5

/** The value as the schema puts it out, or the problem with the path of every wrong field. Without a schema: `absent`. */
export function checked(schema: ZodType | undefined, value: unknown, absent: unknown, place: string): unknown {
  if (!schema) return absent
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const complaints = parsed.error.issues.map((issue) => ({ field: issue.path.join('.') || place, message: issue.message }))
  throw new ProblemError({
    code: 'invalid',
    field: complaints[0]?.field ?? place,
    message: complaints
      .slice(0, SHOWN)
      .map(({ field, message }) => `${field}: ${message}`)
      .join('; '),
    retryable: false,
  })
}

/** Whether `?dryRun=true` was asked. Where an endpoint cannot, it is refused: who asks for a dry run must not get the real thing. */
export function dryRunAsked(possible: boolean, text: string | undefined): boolean {
  if (text === undefined || text === 'false') return false
  if (text !== 'true' && text !== '') invalid('dryRun', 'write true or false')
  if (!possible) invalid('dryRun', 'this call cannot be tried without doing it')
  return true
}
