import { judgeGate } from '../../../shared/upgrades/health-gate.ts'

const checks = (letters: string) =>
  [...letters].map((letter) => ({ status: ({ s: 'SUCCEED', f: 'FAILED', o: 'ONGOING', n: 'NEW' } as const)[letter] ?? 'NEW' }))

test.each([
  ['', 'open'],
  ['n', 'waiting'],
  ['sso', 'waiting'],
  ['fso', 'waiting'],
  ['ss', 'open'],
  ['sss', 'passed'],
  ['sfs', 'open'],
  // Two looks at the same moment give two rounds.
  ['ssssss', 'passed'],
])('after the checks %j of a round of three the gate is %s', (letters, state) => {
  expect(judgeGate(checks(letters), 3)).toEqual({ state })
})
