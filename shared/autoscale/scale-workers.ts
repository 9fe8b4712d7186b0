import { randomUUID } from 'node:crypto'
import type { Draft, TimedMutation } from '../clusters/mutate-cluster.ts'
import { newWorkers } from '../clusters/node.ts'
import { AUTOSCALE } from '../clusters/transitions.ts'
import { invalid } from '../problem.ts'
import { choiceOf, leastMissed } from '../workers/choice.ts'
import { planAddition, planRemoval } from '../workers/plan-workers.ts'
import { managedWorkers } from './managed-workers.ts'

/** Brings the workers that scale to a number; those that an earlier try could not make are made, or go first. */
export const scaleWorkers = (wanted: number): TimedMutation => ({
  name: AUTOSCALE,
  draft(step, cluster): Draft {
    const { autoscale, nodes, request } = cluster
    if (!autoscale) invalid('autoscale', 'is not configured')
    const managed = managedWorkers(cluster)
    if (wanted < managed.length) {
      const leaving = leastMissed(managed).slice(0, managed.length - wanted)
      return { plan: planRemoval(step, cluster, choiceOf(leaving, nodes)) }
    }
    const more = newWorkers(request.name, nodes, [{ ...autoscale, count: wanted - managed.length }], randomUUID)
    const changes = { nodes: [...nodes, ...more] }
    return { plan: planAddition(step, { ...cluster, ...changes }), changes }
  },
})
