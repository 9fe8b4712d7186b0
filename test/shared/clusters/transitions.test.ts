import { type ClusterState, clusterStates } from '../../../shared/clusters/cluster-state.ts'
import { clusterOperations, kindNames } from '../../../shared/clusters/operation-kinds.ts'
import { activationOf, judge, type mutations, type Standing } from '../../../shared/clusters/transitions.ts'
import { WAITERS } from '../../e2e/waiters.ts'

const every: readonly Standing[] = clusterStates.flatMap((state) =>
  [undefined, ...Object.values(kindNames)].flatMap((busyWith) =>
    [undefined, ...Object.values(kindNames)].map((failedAt) => ({ state, ...(busyWith && { busyWith }), ...(failedAt && { failedAt }) })),
  ),
)

const enters = (mutation: (typeof mutations)[number], standing: Standing) => {
  const verdict = judge(mutation, standing)
  return verdict.allowed ? [verdict.enters] : []
}

test('the first poll after a mutation never sees a state that its waiter does not wait in', () => {
  for (const standing of every) {
    for (const state of enters('start', standing)) expect(WAITERS.run.pending).toContain(state)
    for (const state of enters('stop', standing)) expect(state).toBe('stopping')
    for (const state of enters('delete', standing)) expect(state).toBe('shutting-down')
  }
})

test('a cluster can be terminated in every state', () => {
  for (const standing of every) expect(judge('delete', standing).allowed).toBe(true)
})

test('what the wire calls startable or stoppable is what would be allowed; both is only what was left half-way', () => {
  for (const standing of every) {
    const [start, stop] = [judge('start', standing).allowed, judge('stop', standing).allowed]
    if (start && stop) {
      expect(standing).toMatchObject({ state: 'error', failedAt: expect.stringMatching(/^(start|stop|restart)-cluster$/) })
      expect(standing).not.toHaveProperty('busyWith')
    }
    expect(activationOf(standing)).toBe(start ? 'startable' : stop ? 'stoppable' : 'terminable')
  }
})

test.each<[Standing, string]>([
  [{ state: 'running' }, 'stoppable'],
  [{ state: 'stopped' }, 'startable'],
  [{ state: 'externally-stopped' }, 'startable'],
  [{ state: 'pending', busyWith: 'create-cluster' }, 'terminable'],
  [{ state: 'stopping', busyWith: 'stop-cluster' }, 'terminable'],
  [{ state: 'error', failedAt: 'create-cluster' }, 'terminable'],
  [{ state: 'error', failedAt: 'start-cluster' }, 'startable'],
  [{ state: 'error', failedAt: 'stop-cluster' }, 'startable'],
  [{ state: 'termination-warning', failedAt: 'delete-cluster' }, 'terminable'],
])('%j is %s', (standing, activation) => {
  expect(activationOf(standing)).toBe(activation)
})

test('starting what runs and stopping what is stopped is answered in the words that scripts know', () => {
  expect(judge('start', { state: 'running' })).toMatchObject({ reason: 'cluster is already running', code: 'invalid' })
  expect(judge('stop', { state: 'stopped' })).toMatchObject({ reason: 'cluster is already stopped', code: 'invalid' })
})

test('every kind of operation that a mutation starts is known', () => {
  expect(clusterOperations.map(({ kind }) => kind).sort()).toEqual(Object.values(kindNames).sort())
})

test('a locked cluster is deleted in no state, and otherwise as if it were not locked', () => {
  for (const standing of every) {
    expect(judge('delete', { ...standing, locked: true })).toMatchObject({ allowed: false, reason: 'cluster is locked', code: 'conflict' })
    expect(activationOf({ ...standing, locked: true })).toBe(activationOf(standing))
  }
})

test('a busy cluster is neither started nor stopped', () => {
  const busy: ClusterState[] = [
    'starting',
    'pending',
    'initializing',
    'stopping',
    'shutting-down',
    'starting-hopsworks',
    'rondb-initializing',
  ]
  for (const state of busy) {
    expect(judge('start', { state, busyWith: 'create-cluster' })).toMatchObject({ allowed: false, code: 'conflict' })
    expect(judge('stop', { state, busyWith: 'create-cluster' })).toMatchObject({ allowed: false, code: 'conflict' })
  }
})
