import type { TimedMutation } from '../clusters/mutate-cluster.ts'
import { invalid } from '../problem.ts'
import { choiceOf, meant } from './choice.ts'
import { planRemoval } from './plan-workers.ts'
import type { WorkersRequest } from './wire.ts'

/** Fewer workers, down to none. */
export const removeWorkers = ({ workers }: WorkersRequest): TimedMutation => ({
  name: 'remove-workers',
  draft(step, cluster) {
    const leaving = meant(workers, cluster.nodes)
    if (leaving.length === 0) invalid('workers', 'must be at least one worker')
    return { plan: planRemoval(step, cluster, choiceOf(leaving, cluster.nodes)) }
  },
})
