import { type Problem, type ProblemCode, ProblemError } from '../problem.ts'

/** What goes over by itself. A conflict does where Azure says so (another operation in progress). */
const waitedOut: readonly ProblemCode[] = ['throttled', 'transient', 'conflict']

/** What a step kind threw, as a problem. A bug's own text stays out of it: it may hold anything. */
export function toProblem(error: unknown, stepTitle: string): Problem {
  if (error instanceof ProblemError) return error.problem
  return {
    code: 'unknown',
    message: `${stepTitle}: something went wrong that should not have.`,
    remedy: 'Look for step-crashed in the log of the app, then retry the operation.',
    retryable: false,
  }
}

/** Whether the step is looked at again rather than failed. */
export const isWaitedOut = (problem: Problem): boolean => problem.retryable && waitedOut.includes(problem.code)

/** What goes to the operator's log, never to a caller. */
export const errorText = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error))

export const stuck = (stepTitle: string, note: string | undefined): Problem => ({
  code: 'stuck',
  message: `${stepTitle} takes far longer than it should.${note === undefined ? '' : ` Last seen: ${note}`}`,
  remedy: 'Look at the resource in the Azure portal, then retry the operation or cancel it.',
  retryable: false,
})

export const unknownKind = (kind: string): Problem => ({
  code: 'unsupported',
  message: `This version of the app does not know ${kind}.`,
  remedy: 'Deploy the version that started the operation, then retry it.',
  retryable: false,
})
