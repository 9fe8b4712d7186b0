import { judgeGate } from '../../../shared/upgrades/health-gate.ts'

const checks = (letters: string) =>
  [...letters].map((letter) => ({ status: ({ s: 'SUCCEED', f: 'FAILED', o: 'ONGOING', n: 'NEW' } as const)[letter] ?? 'NEW' }))

test.each([
  ['', { state: 'open', round: [0, 1, 2] }],
  ['n', { state: 'waiting' }],
  ['sso', { state: 'waiting' }],
  ['sss', { state: 'passed' }],
  ['sfs', { state: 'open', round: [3, 4, 5] }],
  ['sfssss', { state: 'passed' }],
  ['sssfss', { state: 'open', round: [6, 7, 8] }],
])('after the checks %j of rounds of three the gate is %j', (letters, gate) => {
  expect(judgeGate(checks(letters), 3)).toEqual(gate)
})
