import { cancelRefusal, retryRefusal } from '../../../shared/operations/allowed-actions.ts'
import { hasEnded, type Operation, type OperationState, operationStates } from '../../../shared/operations/operation.ts'
import { begun, calledOff, ended, retried, settling } from '../../../shared/operations/operation-state.ts'
import type { Outcome } from '../../../shared/operations/outcome.ts'
import { toyKind } from './toy-kind.ts'

const operation = (state: OperationState, more: Partial<Operation> = {}): Operation => ({
  id: 'c_0',
  subject: { type: 'cluster', id: 'c' },
  kind: 'build',
  title: 'Build',
  state,
  attempt: 2,
  requestedBy: 'one',
  createdOn: 1,
  ...more,
})
const open = ['pending', 'running', 'cancelling'] as const
const over = ['succeeded', 'failed', 'cancelled'] as const
const problem = { code: 'quota', message: 'No cores left.', retryable: false } as const
const done: Outcome = { state: 'done' }
const failed: Outcome = { state: 'failed', step: 's', problem }
const cancelled: Outcome = { state: 'cancelled' }
const undo = { by: 'two', undo: true, at: 5 }
const leave = { by: 'three', undo: false, at: 6 }

test('every state is either open or over', () => {
  expect([...open, ...over].toSorted()).toEqual(operationStates.toSorted())
  expect(open.some((state) => hasEnded(operation(state)))).toBe(false)
  expect(over.every((state) => hasEnded(operation(state)))).toBe(true)
})

test('only the orchestration of the current attempt takes an operation up, and only while it is open', () => {
  expect(begun(operation('pending'), 2, 9)).toMatchObject({ state: 'running', startedOn: 9 })
  expect(begun(operation('running', { startedOn: 3 }), 2, 9)).toMatchObject({ state: 'running', startedOn: 3 })
  expect(begun(operation('cancelling'), 2, 9)).toMatchObject({ state: 'cancelling' })
  for (const state of open) expect([begun(operation(state), 1, 9), begun(operation(state), 3, 9)]).toEqual([undefined, undefined])
  for (const state of over) expect(begun(operation(state), 2, 9)).toBeUndefined()
})

test('an open operation can be called off, and who takes over spares it the undo', () => {
  for (const state of over) expect(calledOff(operation(state), undo)).toBeUndefined()
  for (const state of open) expect(calledOff(operation(state), undo)).toMatchObject({ state: 'cancelling', cancel: undo })
  expect(calledOff(operation('cancelling', { cancel: undo }), leave)).toMatchObject({ cancel: { ...undo, undo: false } })
  expect(calledOff(operation('cancelling', { cancel: leave }), undo)).toMatchObject({ cancel: leave })
})

test('how an operation settles', () => {
  const running = operation('running')
  const withUndo = operation('cancelling', { cancel: undo })
  const without = operation('cancelling', { cancel: leave })
  const end = (outcome: Outcome) => ({ next: 'end', outcome })
  expect(settling(running, done, false)).toEqual(end(done))
  expect(settling(running, failed, false)).toEqual(end(failed))
  expect(settling(withUndo, done, false)).toEqual(end(done))
  expect(settling(withUndo, cancelled, false)).toEqual({ next: 'undo' })
  expect(settling(withUndo, failed, false)).toEqual({ next: 'undo' })
  expect(settling(without, cancelled, false)).toEqual(end(cancelled))
  expect(settling(without, failed, false)).toEqual(end(cancelled))
  expect(settling(withUndo, done, true)).toEqual(end(cancelled))
  expect(settling(withUndo, failed, true)).toEqual(end(failed))
})

test('an operation ends in the state of its outcome', () => {
  expect(ended(operation('running'), done, 9)).toEqual(operation('succeeded', { endedOn: 9 }))
  expect(ended(operation('running'), cancelled, 9)).toEqual(operation('cancelled', { endedOn: 9 }))
  expect(ended(operation('running'), failed, 9)).toEqual(operation('failed', { endedOn: 9, problem, failedStep: 's' }))
})

test('a retry keeps nothing of how the attempt before it ended', () => {
  const before = ended(operation('cancelling', { cancel: undo, supersedes: 'c_1', startedOn: 2 }), failed, 9)
  expect(retried(before, 'four')).toEqual(operation('pending', { attempt: 3, requestedBy: 'four' }))
})

test('what a user may do in which state', () => {
  const kind = toyKind('build', 'undo')
  const may = (refusal: typeof retryRefusal) => operationStates.filter((state) => !refusal(operation(state), kind))
  expect(may(retryRefusal)).toEqual(['failed', 'cancelled'])
  expect(may(cancelRefusal)).toEqual(['pending', 'running'])
  expect(cancelRefusal(operation('running'), toyKind('destroy'))?.reason).toBe('This kind of operation cannot be cancelled.')
  expect(retryRefusal(operation('failed'), undefined)?.reason).toBe('This version of the app does not know build.')
})
