import { readable } from '../azure/classify.ts'
import type { Operation } from '../operations/operation.ts'
import type { OperationKind } from '../operations/operation-kind.ts'
import type { Outcome } from '../operations/outcome.ts'
import { type Problem, ProblemError } from '../problem.ts'
import type { Cluster } from './cluster.ts'
import type { ClusterState } from './cluster-state.ts'
import { findCluster, updateCluster } from './cluster-store.ts'
import { isWorker, type Node } from './node.ts'

interface ClusterOperation {
  readonly kind: string
  /** Shown from the claim on. */
  readonly enters: ClusterState
  readonly succeeds: ClusterState
  readonly fails: ClusterState
  readonly cancel?: 'undo' | 'stop'
}

/** What the operations on a cluster as a whole make of its state. */
const table = {
  create: { kind: 'create-cluster', enters: 'pending', succeeds: 'running', fails: 'error', cancel: 'undo' },
  start: { kind: 'start-cluster', enters: 'starting', succeeds: 'running', fails: 'error', cancel: 'stop' },
  stop: { kind: 'stop-cluster', enters: 'stopping', succeeds: 'stopped', fails: 'error', cancel: 'stop' },
  // Its last step removes the row: `succeeds` is never seen.
  delete: { kind: 'delete-cluster', enters: 'shutting-down', succeeds: 'shutting-down', fails: 'termination-warning' },
} as const satisfies Record<string, ClusterOperation>

export const kindNames = { create: table.create.kind, start: table.start.kind, stop: table.stop.kind, delete: table.delete.kind }

/** The cluster with this operation as its active one. */
export function claimedBy({ activeOperation: _, failed: __, ...cluster }: Cluster, state: ClusterState, { id, kind }: Operation): Cluster {
  return { ...cluster, state, stage: state, activeOperation: { id, kind } }
}

function operationKind({ kind, enters, succeeds, fails, cancel }: ClusterOperation): OperationKind {
  return {
    kind,
    ...(cancel && { cancel }),
    async claimed(services, operation) {
      return (await findCluster(services, operation.clusterId))?.activeOperation?.id === operation.id
    },
    async reclaim(services, operation) {
      const cluster = await updateCluster(services, operation.clusterId, (current) => {
        if (current.activeOperation?.id === operation.id) return undefined
        if (current.activeOperation || current.failed?.operationId !== operation.id) throw overtaken
        return claimedBy(current, enters, operation)
      })
      if (!cluster) throw overtaken
    },
    async ended(services, operation, outcome) {
      await updateCluster(services, operation.clusterId, (cluster) => {
        if (cluster.activeOperation?.id !== operation.id) return undefined
        const { activeOperation: _, failed: __, ...settled } = cluster
        if (outcome.state === 'done') return arrived(settled, succeeds, services.clock.now())
        const failed = { operationId: operation.id, kind, message: explain(operation, outcome) }
        return { ...settled, state: fails, failed, stage: failed.message }
      })
    },
  }
}

/** `now`: epoch milliseconds. */
function arrived(cluster: Cluster, state: ClusterState, now: number): Cluster {
  const settled = { ...cluster, state, stage: state }
  if (state === 'running') return { ...settled, startedOn: Math.floor(now / 1000) }
  return { ...settled, nodes: cluster.nodes.map((node) => (isWorker(node) ? withoutAddress(node) : node)) }
}

/** A worker of a stopped cluster is not there: the next one of its name gets another address. */
const withoutAddress = ({ privateIp: _, ...node }: Node): Node => node

const overtaken = new ProblemError({
  code: 'conflict',
  message: 'Something else has been done to the cluster since, so this operation cannot go on.',
  retryable: false,
})

function explain({ title, cancel }: Operation, outcome: Exclude<Outcome, { state: 'done' }>): string {
  if (outcome.state === 'failed') return withRemedy(outcome.problem)
  const undone = cancel?.undo ? ' What it had made has been removed.' : ''
  return readable(`${title} was cancelled${cancel ? ` by ${cancel.by}` : ''}.${undone}`)
}

/** For the one line that a caller of the wire's own fields sees. */
const withRemedy = ({ message, remedy }: Problem): string => readable(remedy ? `${message} ${remedy}` : message)

export const clusterOperations: readonly OperationKind[] = Object.values<ClusterOperation>(table).map(operationKind)
