import { types } from 'node:util'
import { fromTypedData, type TypedData } from '../typed-data.ts'
import type { Action } from './action.ts'

/** How far an orchestrator got in one replay. */
export interface OrchestratorResult {
  /** It has returned, or has asked to be continued as new. */
  readonly isDone: boolean
  /** All that it has asked for since the execution began. */
  readonly actions: readonly Action[]
  readonly output?: unknown
  /** What it threw; its actions count all the same. */
  readonly failure?: string
  readonly customStatus?: unknown
}

interface OrchestratorState {
  readonly isDone: boolean
  readonly actions: readonly (readonly Action[])[]
  readonly output?: unknown
  readonly error?: string
  readonly customStatus?: unknown
}

/** durable-functions hides the state of a failed orchestrator behind this label in the message of the error it throws. */
const STATE_LABEL = '\n\n$OutOfProcData$:'

export function parseResult(returnValue: TypedData | undefined): OrchestratorResult {
  const state = fromTypedData(returnValue) as OrchestratorState | null
  return state?.actions ? fromState(state) : failed('it is not an orchestrator: it returned no orchestration state')
}

export function parseFailure(error: unknown): OrchestratorResult {
  const message = messageOf(error)
  const label = message.indexOf(STATE_LABEL)
  if (label < 0) return failed(message)
  const state = JSON.parse(message.slice(label + STATE_LABEL.length)) as OrchestratorState
  return { ...fromState(state), failure: state.error ?? '' }
}

/** Of errors from the app's own realm too, which are no instance of this one's Error. */
export const messageOf = (error: unknown): string => (types.isNativeError(error) ? error.message : String(error))

export const failed = (failure: string): OrchestratorResult => ({ isDone: true, actions: [], failure })

const fromState = ({ isDone, actions, output, customStatus }: OrchestratorState): OrchestratorResult => ({
  isDone,
  actions: actions[0] ?? [],
  output,
  customStatus,
})
