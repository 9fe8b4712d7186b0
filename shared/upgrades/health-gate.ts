import type { Command } from '../agents/agent-status.ts'

/** What the agent calls the command of a check (docs/agent.md). */
export const healthCommand = (name: string): string => `HEALTH:${name}`

/** Where one check of a new head stands. */
export type Gate =
  | { readonly state: 'passed' }
  /** A round of checks is under way. */
  | { readonly state: 'waiting' }
  /** Nothing is under way, and the last round did not do. */
  | { readonly state: 'open' }

/** The checks of the last round. Passed when all of a round of `passes` have succeeded: one lucky answer of a service that comes and goes opens nothing. */
export function judgeGate(checks: readonly Pick<Command, 'status'>[], passes: number): Gate {
  if (checks.some(({ status }) => status === 'NEW' || status === 'ONGOING')) return { state: 'waiting' }
  return { state: checks.length >= passes && checks.every(({ status }) => status === 'SUCCEED') ? 'passed' : 'open' }
}
