import { type AzureOperation, azureTime, type PlanStep } from '../../bench/azure-time.ts'
import type { PlanNode } from '../../bench/critical-path.ts'

const step = (id: string, touches: readonly string[] = []): PlanNode<PlanStep> => ({
  type: 'step',
  id,
  kind: id.split(':')[0] ?? '',
  touches,
})
const took = (resourceId: string, seconds: number, verb = 'write'): AzureOperation => ({
  verb,
  resourceId,
  startedAt: 1000,
  endedAt: 1000 + seconds * 1000,
})

const plan: PlanNode<PlanStep> = {
  type: 'sequence',
  nodes: [
    step('resource-group.check:cluster'),
    step('cluster.enter:initializing'),
    {
      type: 'parallel',
      nodes: [
        step('virtual-machine.create:demo-master', ['/VM/Head', '/disk/head']),
        step('virtual-machine.create:demo-worker-0', ['/vm/worker']),
      ],
    },
    step('agent.wait:head'),
  ],
}

/** At speed 1: one read, one write; boot, install, start and password of a head. */
const READ = 0.08
const WRITE = 0.25
const HEAD = 25 + 420 + 150 + 3

test('the head counts from its machine to its agent; another machine that takes a little longer costs nothing', () => {
  const operations = [took('/vm/head', 40), took('/vm/worker', 60)]
  expect(azureTime({ plan, operations, speed: 1 })).toBeCloseTo(READ + WRITE + 40 + HEAD)
})

test('a machine that is made after the head is ready decides', () => {
  const operations = [took('/vm/head', 40), took('/vm/worker', 1000)]
  expect(azureTime({ plan, operations, speed: 1 })).toBeCloseTo(READ + WRITE + 1000)
})

test('the slowest of the resources that a step makes decides, removals do not count', () => {
  const operations = [took('/vm/head', 40), took('/disk/head', 50), took('/vm/head', 500, 'remove')]
  expect(azureTime({ plan, operations, speed: 1 })).toBeCloseTo(READ + WRITE + 50 + HEAD)
})

test("a faster Azure's requests and machines are as much faster; what it took was measured already", () => {
  expect(azureTime({ plan, operations: [took('/vm/head', 2)], speed: 20 })).toBeCloseTo((READ + WRITE + HEAD) / 20 + 2)
})

test('a plan without a head is none that this can be asked of', () => {
  expect(() => azureTime({ plan: step('agent.wait:head'), operations: [], speed: 1 })).toThrow('no head')
})
