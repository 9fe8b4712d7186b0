import { longestPath, type PlanNode, pathThrough } from '../../bench/critical-path.ts'

interface Timed {
  readonly id: string
  readonly seconds: number
}

const step = (id: string, seconds: number): PlanNode<Timed> => ({ type: 'step', id, seconds })
const secondsOf = ({ seconds }: Timed): number => seconds

const plan: PlanNode<Timed> = {
  type: 'sequence',
  nodes: [
    { type: 'parallel', nodes: [step('check-a', 1), step('check-b', 2)] },
    {
      type: 'parallel',
      nodes: [
        { type: 'sequence', nodes: [step('nic-1', 3), step('vm-1', 40), step('tag-1', 5)] },
        { type: 'sequence', nodes: [step('nic-2', 4), step('vm-2', 50)] },
      ],
    },
    step('wait', 7),
  ],
}

test('what runs side by side takes as long as its slowest branch', () => {
  expect(longestPath(plan, secondsOf)).toBe(2 + 54 + 7)
})

test('a plan without steps takes no time', () => {
  expect(longestPath({ type: 'parallel', nodes: [] }, secondsOf)).toBe(0)
})

test('the way to one step leaves out what runs beside it and after it', () => {
  expect(pathThrough(plan, ({ id }) => id === 'vm-1', secondsOf)).toBe(2 + 43)
  expect(pathThrough(plan, ({ id }) => id === 'check-a', secondsOf)).toBe(1)
})

test('there is no way to a step that is not in the plan', () => {
  expect(pathThrough(plan, ({ id }) => id === 'vm-3', secondsOf)).toBeUndefined()
})
