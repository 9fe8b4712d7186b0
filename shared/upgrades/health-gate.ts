import type { Command } from '../agents/agent-status.ts'

/** What the agent calls the command of a check (docs/agent.md). */
export const healthCommand = (name: string): string => `HEALTH:${name}`

/** Where one check of a new head stands. */
export type Gate =
  | { readonly state: 'passed' }
  /** A round of checks is under way. */
  | { readonly state: 'waiting' }
  /** The next round has the checks with these numbers. */
  | { readonly state: 'open'; readonly round: readonly number[] }

/** Checks so far, the first one first. Passed when all of a round of `passes` have succeeded: one lucky answer of a service that comes and goes opens nothing. */
export function judgeGate(checks: readonly Pick<Command, 'status'>[], passes: number): Gate {
  if (checks.some(({ status }) => status === 'NEW' || status === 'ONGOING')) return { state: 'waiting' }
  const latest = checks.slice(-passes)
  if (latest.length === passes && latest.every(({ status }) => status === 'SUCCEED')) return { state: 'passed' }
  return { state: 'open', round: Array.from({ length: passes }, (_, index) => checks.length + index) }
}
