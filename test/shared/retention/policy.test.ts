import { matchesGlob } from '../../../shared/retention/glob.ts'
import { policySchema, ruleFor } from '../../../shared/retention/policy.ts'

test.each([
  ['**', 'team/app', true],
  ['*', 'team/app', false],
  ['*', 'app', true],
  ['team/*', 'team/app', true],
  ['team/*', 'team/app/cache', false],
  ['team/**', 'team/app/cache', true],
  ['team/**', 'teams/app', false],
  ['**/cache', 'a/b/cache', true],
  ['**/cache', 'a/b/cached', false],
  ['a*b*c', 'aXbYc', true],
  ['a*b*c', 'aXb/c', false],
  ['a**b*c', 'a/x/bYc', true],
  ['**x*y', 'a/x/xby', true],
  ['**x*y', 'x/y', false],
  ['app', 'App', false],
  ['a.c', 'abc', false],
])('%s and %s: %s', (pattern, name, expected) => {
  expect(matchesGlob(pattern, name)).toBe(expected)
})

test('a pattern of many stars does not take for ever', () => {
  expect(matchesGlob('*a'.repeat(100), 'a'.repeat(120).concat('b'))).toBe(false)
  expect(matchesGlob('**a*'.repeat(60).concat('c'), 'a'.repeat(250))).toBe(false)
})

const policy = policySchema.parse({
  rules: [
    { name: 'releases', include: ['release/**'], action: 'keep' },
    { name: 'caches', include: ['**/cache'], exclude: ['team/cache'], untaggedDays: 1 },
    { name: 'rest', include: ['team/**'] },
  ],
  excludeRepositories: ['team/legal/**'],
})

test.each([
  ['release/app', undefined],
  ['release/cache', undefined],
  ['app/cache', 'caches'],
  ['team/cache', 'rest'],
  ['team/legal/papers', undefined],
  ['other', undefined],
])('the first rule that fits %s is %s', (repository, name) => {
  expect(ruleFor(policy, repository)?.name).toBe(name)
})
