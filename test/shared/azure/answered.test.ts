import { answered } from '../../../shared/azure/answered.ts'
import { type Problem, ProblemError } from '../../../shared/problem.ts'

const problem = (code: Problem['code'], retryAfter?: number) =>
  new ProblemError({ code, message: 'no', retryable: true, ...(retryAfter !== undefined && { retryAfter }) })

/** How often Azure is asked until there is an answer, or none. */
async function asks(failures: readonly ProblemError[]): Promise<{ asked: number; answer: string }> {
  let asked = 0
  const ask = async () => {
    const failure = failures[asked++]
    if (failure) throw failure
    return 'yes'
  }
  const answer = await answered(ask).catch((error: unknown) => (error as ProblemError).problem.code)
  return { asked, answer }
}

test.each([
  [[], { asked: 1, answer: 'yes' }],
  [[problem('transient')], { asked: 2, answer: 'yes' }],
  [[problem('throttled', 1), problem('transient')], { asked: 3, answer: 'yes' }],
  [[problem('transient'), problem('transient'), problem('transient')], { asked: 3, answer: 'transient' }],
  [[problem('throttled', 17)], { asked: 1, answer: 'throttled' }],
  [[problem('permission')], { asked: 1, answer: 'permission' }],
  [[problem('transient'), problem('not-found')], { asked: 2, answer: 'not-found' }],
])('what passes within a moment is waited for, number %#', async (failures, expected) => {
  expect(await asks(failures)).toEqual(expected)
})
