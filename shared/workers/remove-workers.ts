import { managedWorkers } from '../autoscale/managed-workers.ts'
import type { TimedMutation } from '../clusters/mutate-cluster.ts'
import { invalid } from '../problem.ts'
import { choiceOf, meant } from './choice.ts'
import { planRemoval } from './plan-workers.ts'
import type { WorkersRequest } from './wire.ts'

/** Fewer workers, down to none; those that scale with the load are not removed by hand. */
export const removeWorkers = ({ workers }: WorkersRequest): TimedMutation => ({
  name: 'remove-workers',
  draft(step, cluster) {
    const managed = new Set(managedWorkers(cluster))
    const leaving = meant(
      workers,
      cluster.nodes.filter((node) => !managed.has(node)),
    )
    if (leaving.length === 0) invalid('workers', 'must be at least one worker')
    return { plan: planRemoval(step, cluster, choiceOf(leaving, cluster.nodes)) }
  },
})
