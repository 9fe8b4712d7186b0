import { type Latency, latencies } from '../local/cloud/latencies.ts'
import { longestPath, type PlanNode, pathThrough } from './critical-path.ts'

/** A step of a plan, as an operation shows it. */
export interface PlanStep {
  readonly id: string
  readonly kind: string
  /** ARM ids. */
  readonly touches: readonly string[]
}

/** A long-running operation, as the simulated Azure shows it; times in milliseconds. */
export interface AzureOperation {
  readonly verb: string
  readonly resourceId: string
  readonly startedAt: number
  readonly endedAt?: number
}

/** Latencies of what goes on inside a head, one after the other, from Azure's word that it runs to its agent's that it is ready. */
export const HEAD_LATENCIES = ['machine.boot', 'machine.install', 'machine.start', 'machine.password'] as const

export interface Course {
  readonly plan: PlanNode<PlanStep>
  readonly operations: readonly AzureOperation[]
  /** How many times faster than Azure. */
  readonly speed: number
}

/**
 * Seconds that a creation takes if only Azure takes time: the longest path through its plan, where each step takes the one request that it
 * cannot do without and then as long as Azure really took. The head's machine goes on while others are still made: its agent needs no step.
 */
export function azureTime({ plan, operations, speed }: Course): number {
  const typical = (latency: Latency) => latencies[latency].typical / speed
  const took = new Map(operations.map((operation) => [keyOf(operation), secondsOf(operation)]))
  const seconds = ({ kind, touches }: PlanStep): number => {
    if (kind === 'agent.wait') return 0
    if (touches.length === 0) return kind === 'cluster.enter' ? 0 : typical('request.read')
    return typical('request.write') + Math.max(0, ...touches.map((id) => took.get(`write ${id.toLowerCase()}`) ?? 0))
  }
  const headMade = pathThrough(plan, ({ id }) => /^virtual-machine\.create:.*-master$/.test(id), seconds)
  if (headMade === undefined) throw new Error('the plan makes no head')
  const headReady = headMade + HEAD_LATENCIES.reduce((sum, latency) => sum + typical(latency), 0)
  return Math.max(headReady, longestPath(plan, seconds))
}

const keyOf = ({ verb, resourceId }: AzureOperation): string => `${verb} ${resourceId.toLowerCase()}`
const secondsOf = ({ startedAt, endedAt = startedAt }: AzureOperation): number => (endedAt - startedAt) / 1000
