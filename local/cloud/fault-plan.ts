import { z } from 'zod'
import type { Fault } from './azure.ts'
import type { JsonObject } from './resource.ts'

const MAX_RULES = 200

const pattern = z
  .string()
  .max(500)
  .refine((text) => {
    try {
      return new RegExp(text) instanceof RegExp
    } catch {
      return false
    }
  }, 'not a regular expression')

/**
 * A fault plan, as in `--faults FILE` and PUT /_slipway/faults. A rule strikes when all members of its `match` hold.
 * `path` is a regular expression on the request's path (on a machine's id for faults inside machines); `operation` the RBAC action
 * (`Microsoft.Compute/virtualMachines/write`), both without regard to case. `nth` counts the matching requests from 1; `times` ends the rule.
 * Polling is `operations/read`, sign-in `token` and `identity-token`.
 *
 * Kinds of `fault`, whatever is asked:
 * - `throttle`: 429 with Retry-After of `retryAfter` seconds
 * - `error`: `status` (503), `code`, `message`
 * - `reset`: the connection is cut and nothing was done
 * - `lost-response`: all was done, then the connection is cut
 * - `deny`: 403 AuthorizationFailed
 *
 * of what takes time:
 * - `stuck`: the operation never ends
 * - `fail`: it ends Failed with `code` and `message`
 *
 * and those that providers word themselves, where they ask for them: `quota`, `capacity`, `agent-silent`, `install-fails`, `command-fails` …
 */
export const faultPlanSchema = z.object({
  rules: z
    .array(
      z
        .object({
          match: z
            .strictObject({
              method: z.string().max(10).optional(),
              path: pattern.optional(),
              operation: z.string().max(200).optional(),
              nth: z.int().min(1).optional(),
              probability: z.number().min(0).max(1).optional(),
              times: z.int().min(1).optional(),
            })
            .default({}),
          fault: z.string().min(1).max(50),
          code: z.string().max(200).optional(),
          message: z.string().max(2000).optional(),
          /** HTTP status of `error`. */
          status: z.int().min(400).max(599).optional(),
          /** Seconds, of `throttle`. */
          retryAfter: z.number().min(0).max(3600).optional(),
        })
        .catchall(z.json()),
    )
    .max(MAX_RULES),
})
export type FaultPlan = z.infer<typeof faultPlanSchema>

export interface Faults {
  plan(): FaultPlan
  set(plan: FaultPlan): void
  /** How often each rule matched and struck, in the order of the rules. */
  counts(): { seen: number; struck: number }[]
  strikes(kind: string, at: { operation: string; path: string; method?: string | undefined }): Fault | undefined
}

/** Counts are of this process: a restarted simulator counts from 1 again. */
export function faultsOf(random: () => number): Faults {
  let plan: FaultPlan = { rules: [] }
  let counts: { seen: number; struck: number }[] = []

  return {
    plan: () => plan,
    set(next) {
      plan = next
      counts = next.rules.map(() => ({ seen: 0, struck: 0 }))
    },
    counts: () => counts,
    strikes(kind, at) {
      for (const [index, rule] of plan.rules.entries()) {
        const count = counts[index]
        if (!count || rule.fault !== kind || !fits(rule.match, at)) continue
        if (rule.match.times !== undefined && count.struck >= rule.match.times) continue
        count.seen += 1
        if (rule.match.nth !== undefined && count.seen !== rule.match.nth) continue
        if (rule.match.probability !== undefined && random() >= rule.match.probability) continue
        count.struck += 1
        const { match: _, ...fault } = rule
        return fault as JsonObject & Fault
      }
      return undefined
    },
  }
}

function fits(match: FaultPlan['rules'][number]['match'], at: { operation: string; path: string; method?: string | undefined }): boolean {
  if (match.method !== undefined && match.method.toUpperCase() !== at.method?.toUpperCase()) return false
  if (match.operation !== undefined && match.operation.toLowerCase() !== at.operation.toLowerCase()) return false
  return match.path === undefined || new RegExp(match.path, 'i').test(at.path)
}
