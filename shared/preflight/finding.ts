import * as z from 'zod'
import type { Problem } from '../problem.ts'

export const checkNames = ['request', 'name', 'given', 'permissions', 'identity', 'size', 'quota', 'network', 'providers'] as const
export type CheckName = (typeof checkNames)[number]

/**
 * `error`: the creation would fail; `warning`: it would succeed, and something is to be known before;
 * `unknown`: it could not be found out.
 */
export const findingSchema = z.object({
  check: z.enum(checkNames),
  severity: z.enum(['error', 'warning', 'unknown']),
  message: z.string(),
  remedy: z.string().exactOptional().describe('What mends it, often a command'),
  field: z.string().exactOptional().describe("The request's field at fault"),
  actions: z.array(z.string()).readonly().exactOptional().describe('Azure actions that are missing'),
  scope: z.string().exactOptional().describe('Where they are missing'),
  resource: z.string().exactOptional().describe('ARM id'),
})
export type Finding = z.output<typeof findingSchema>

/** What went wrong as a finding. */
export function findingOf(check: CheckName, severity: Finding['severity'], problem: Problem): Finding {
  const { message, remedy, field, action, scope, resource } = problem
  return {
    check,
    severity,
    message,
    ...(remedy !== undefined && { remedy }),
    ...(field !== undefined && { field }),
    ...(action !== undefined && { actions: [action] }),
    ...(scope !== undefined && { scope }),
    ...(resource !== undefined && { resource }),
  }
}
