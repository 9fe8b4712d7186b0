import type { StepKind } from '../operations/step.ts'
import { ProblemError } from '../problem.ts'
import { classify } from './classify.ts'
import { readFailure } from './failure.ts'

/** A step kind that talks to Azure: what Azure's clients throw leaves it as a problem that the executor knows to wait out or to show. */
export function azureStep<Args>(kind: StepKind<Args>): StepKind<Args> {
  const { begin, check, undo } = kind
  return {
    ...kind,
    begin: (context, args) => begin(context, args).catch(rethrow),
    ...(check && { check: (context, args) => check(context, args).catch(rethrow) }),
    ...(undo && { undo: (context, args) => undo(context, args).catch(rethrow) }),
  }
}

/** Throws what an Azure client threw as a problem, and a bug as it is. */
export function rethrow(error: unknown): never {
  throw readFailure(error) ? new ProblemError(classify(error)) : error
}
