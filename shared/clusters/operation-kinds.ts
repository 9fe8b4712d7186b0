import { readable } from '../azure/classify.ts'
import { holdAgain, RESTORE } from '../backups/restore/hold.ts'
import type { Operation } from '../operations/operation.ts'
import type { OperationKind } from '../operations/operation-kind.ts'
import { secondsNow } from '../operations/operations.ts'
import type { Outcome } from '../operations/outcome.ts'
import { resourceLedger } from '../operations/resource-ledger.ts'
import { type Problem, ProblemError } from '../problem.ts'
import type { Services } from '../services.ts'
import { followUpgrade } from '../upgrades/follow-upgrade.ts'
import { rolledBack, upgraded } from '../upgrades/generation.ts'
import type { Cluster } from './cluster.ts'
import type { ClusterState } from './cluster-state.ts'
import { findCluster, updateCluster } from './cluster-store.ts'
import { isWorker, type Node } from './node.ts'
import { nodeResources } from './resources.ts'
import { AUTOSCALE } from './transitions.ts'

interface ClusterOperation {
  readonly kind: string
  /** Shown from the claim on. */
  readonly enters: ClusterState
  readonly fails: ClusterState
  readonly cancel?: 'undo' | 'stop'
  /** The cluster after a success. `now`: epoch seconds. */
  readonly arrives: (cluster: Cluster, now: number) => Cluster
  /** The cluster once a cancelled operation is undone, where that is no failure. `isLeft`: something of the node is still in the ledger. */
  readonly undone?: (cluster: Cluster, isLeft: (node: Node) => boolean) => Cluster
  readonly follow?: OperationKind['follow']
  /** Takes hold of what else a retry needs; what it refuses is thrown on. */
  readonly again?: (services: Services, operation: Operation) => Promise<void>
}

const at = (cluster: Cluster, state: ClusterState): Cluster => ({ ...cluster, state, stage: state })

const upAndRunning = (cluster: Cluster, now: number): Cluster => ({
  ...at(cluster, 'running'),
  startedOn: now,
  nodes: cluster.nodes.filter((node) => !node.leaving).map(({ resizedFrom: _, ...node }) => node),
})

/** A worker of a stopped cluster is not there: the next one of its name gets another address, and may find room as a spot machine. */
const stopped = (cluster: Cluster): Cluster => ({
  ...at(cluster, 'stopped'),
  nodes: cluster.nodes.filter((node) => !node.leaving).map((node) => (isWorker(node) ? withoutAddress(node) : node)),
})

const withoutAddress = ({ privateIp: _, onDemand: __, ...node }: Node): Node => node

/** Workers that an earlier operation owes or has still to take away make the cluster less than what was asked for. */
const withItsWorkers = (cluster: Cluster): Cluster => at(cluster, cluster.nodes.some(isOwed) ? 'worker-error' : 'running')

const isOwed = (node: Node): boolean => isWorker(node) && (!node.privateIp || node.leaving === true)

/** What has done its own part and found workers owed by another says so. */
function told(cluster: Cluster, { id, kind }: Operation): Cluster {
  if (cluster.state !== 'worker-error') return cluster
  const names = cluster.nodes.filter(isOwed).map(({ name }) => name)
  const message = `Workers that an earlier operation could not make or remove: ${names.join(', ')}. Add workers to have them made, or remove them.`
  return { ...cluster, stage: message, failed: { operationId: id, kind, message: readable(message) } }
}

const withoutUnmade = (cluster: Cluster, isLeft: (node: Node) => boolean): Cluster =>
  withItsWorkers({ ...cluster, nodes: cluster.nodes.filter((node) => !isWorker(node) || node.privateIp || isLeft(node)) })

/** What the operations on a cluster make of its state. */
const table = {
  create: { kind: 'create-cluster', enters: 'pending', fails: 'error', cancel: 'undo', arrives: upAndRunning },
  restore: { kind: RESTORE, enters: 'pending', fails: 'error', cancel: 'undo', arrives: upAndRunning, again: holdAgain },
  start: { kind: 'start-cluster', enters: 'starting', fails: 'error', cancel: 'stop', arrives: upAndRunning },
  stop: { kind: 'stop-cluster', enters: 'stopping', fails: 'error', cancel: 'stop', arrives: stopped },
  restart: {
    kind: 'restart-cluster',
    enters: 'starting',
    fails: 'error',
    cancel: 'stop',
    arrives: (cluster, now) => withItsWorkers({ ...cluster, startedOn: now }),
  },
  'add-workers': {
    kind: 'add-workers',
    enters: 'worker-pending',
    fails: 'worker-error',
    cancel: 'undo',
    arrives: withItsWorkers,
    undone: withoutUnmade,
  },
  'remove-workers': { kind: 'remove-workers', enters: 'worker-decommissioning', fails: 'worker-error', arrives: withItsWorkers },
  upgrade: {
    kind: 'upgrade-cluster',
    enters: 'updating',
    fails: 'error',
    cancel: 'stop',
    arrives: (cluster, now) => upAndRunning(upgraded(cluster), now),
    follow: followUpgrade,
  },
  rollback: { kind: 'rollback-upgrade', enters: 'stopping', fails: 'error', arrives: (cluster) => stopped(rolledBack(cluster)) },
  [AUTOSCALE]: { kind: AUTOSCALE, enters: 'updating', fails: 'worker-error', cancel: 'stop', arrives: withItsWorkers },
  // Its last step removes the row: nobody sees it arrive.
  delete: { kind: 'delete-cluster', enters: 'shutting-down', fails: 'termination-warning', arrives: (cluster) => cluster },
} as const satisfies Record<string, ClusterOperation>

type Named = keyof typeof table

/** The kind of operation by the mutation that starts it. */
export const kindNames = Object.fromEntries(Object.entries(table).map(([name, { kind }]) => [name, kind])) as {
  readonly [Name in Named]: (typeof table)[Name]['kind']
}

/** The cluster with this operation as its active one. */
export function claimedBy({ activeOperation: _, failed: __, ...cluster }: Cluster, state: ClusterState, { id, kind }: Operation): Cluster {
  return { ...cluster, state, stage: state, activeOperation: { id, kind } }
}

function operationKind({ kind, enters, fails, cancel, arrives, undone, follow, again }: ClusterOperation): OperationKind {
  return {
    kind,
    ...(cancel && { cancel }),
    ...(follow && { follow }),
    async claimed(services, operation) {
      return (await findCluster(services, operation.subject.id))?.activeOperation?.id === operation.id
    },
    async reclaim(services, operation) {
      await again?.(services, operation)
      const cluster = await updateCluster(services, operation.subject.id, (current) => {
        if (current.activeOperation?.id === operation.id) return undefined
        if (current.activeOperation) throw busy(current)
        if (current.failed?.operationId !== operation.id) throw overtaken
        if (current.failed.outdated) throw outdated
        return claimedBy(current, enters, operation)
      })
      if (!cluster) throw overtaken
    },
    async ended(services, operation, outcome) {
      const isUndone = outcome.state === 'cancelled' && operation.cancel?.undo
      const left = isUndone && undone ? await ledgered(services, operation) : undefined
      await updateCluster(services, operation.subject.id, (cluster) => {
        if (cluster.activeOperation?.id !== operation.id) return undefined
        const { activeOperation: _, ...settled } = cluster
        if (outcome.state === 'done') return told(arrives(settled, secondsNow(services)), operation)
        if (undone && left) {
          const isLeft = (node: Node) => Object.values(nodeResources(settled, node)).some((id) => left.has(id.toLowerCase()))
          return told(undone(settled, isLeft), operation)
        }
        const failed = { operationId: operation.id, kind, message: explain(operation, outcome) }
        return { ...settled, state: fails, failed, stage: failed.message }
      })
    },
  }
}

/** ARM ids in lower case of what the ledger does not know to be gone. */
async function ledgered(services: Services, { subject, id }: Operation): Promise<ReadonlySet<string>> {
  const entries = await resourceLedger(services, subject.id, id).list()
  return new Set(entries.filter(({ state }) => state !== 'gone').map(({ armId }) => armId.toLowerCase()))
}

const busy = ({ state }: Cluster) =>
  new ProblemError({ code: 'conflict', message: `cluster is ${state}`, remedy: 'Wait for the running operation to end.', retryable: true })

const overtaken = new ProblemError({
  code: 'conflict',
  message: 'Something else has been done to the cluster since, so this operation cannot go on.',
  retryable: false,
})

const outdated = new ProblemError({
  code: 'conflict',
  message: 'cluster is to start with other sizes than this operation has planned',
  remedy: 'Start the cluster: PUT /api/clusters/{id}/start',
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
