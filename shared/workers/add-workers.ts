import { randomUUID } from 'node:crypto'
import { MOST_WORKERS } from '../clusters/create-rules.ts'
import type { TimedMutation } from '../clusters/mutate-cluster.ts'
import { isWorker, newWorkers } from '../clusters/node.ts'
import { checkSpot } from '../clusters/spot-price.ts'
import { invalid } from '../problem.ts'
import { planAddition } from './plan-workers.ts'
import type { WorkersRequest } from './wire.ts'

/** More workers, of the sizes asked for or of new ones. Where workers scale these stay: Terraform adds them before it ends the scaling (contract §2.6). */
export const addWorkers = ({ workers }: WorkersRequest): TimedMutation => ({
  name: 'add-workers',
  costs: true,
  draft(step, cluster) {
    const count = workers.reduce((sum, group) => sum + group.count, 0)
    if (count === 0) invalid('workers', 'must be at least one worker')
    if (cluster.nodes.filter(isWorker).length + count > MOST_WORKERS) invalid('workers', `must not make more than ${MOST_WORKERS} in all`)
    for (const [index, worker] of workers.entries()) checkSpot(`workers.${index}`, worker, cluster.request.location)
    const more = newWorkers(cluster.request.name, cluster.nodes, workers, randomUUID)
    const nodes = [...cluster.nodes, ...more.map((node) => (cluster.autoscale ? { ...node, byHand: true as const } : node))]
    return { plan: planAddition(step, { ...cluster, nodes }), changes: { nodes } }
  },
})
