import type { ZodType } from 'zod'
import { invalid, ProblemError } from '../problem.ts'

/** Most complaints of one answer. */
const SHOWN = 5
/** Longest path and complaint that are repeated, in characters: both can hold the caller's own words. */
const LONGEST_FIELD = 200
const LONGEST_COMPLAINT = 300

/** The value as the schema puts it out, or the problem with the path of every wrong field. Without a schema: `absent`. */
export function checked(schema: ZodType | undefined, value: unknown, absent: unknown, place: string): unknown {
  if (!schema) return absent
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const complaints = parsed.error.issues.slice(0, SHOWN).map(({ path, message }) => ({
    field: path.join('.').slice(0, LONGEST_FIELD) || place,
    message: message.slice(0, LONGEST_COMPLAINT),
  }))
  throw new ProblemError({
    code: 'invalid',
    field: complaints[0]?.field ?? place,
    message: complaints.map(({ field, message }) => `${field}: ${message}`).join('; '),
    retryable: false,
  })
}

/** Whether `?dryRun=true` was asked. Where an endpoint cannot, or it is misspelt, it is refused: who asks for a dry run must not get the real thing. */
export function dryRunAsked(possible: boolean, query: Readonly<Record<string, string>>): boolean {
  const misspelt = Object.keys(query).find((name) => name !== 'dryRun' && /^dry[-_]?run$/i.test(name))
  if (misspelt !== undefined) invalid(misspelt, 'write dryRun')
  const text = query.dryRun
  if (text === undefined || text === 'false') return false
  if (text !== 'true' && text !== '') invalid('dryRun', 'write true or false')
  if (!possible) invalid('dryRun', 'this call cannot be tried without doing it')
  return true
}
