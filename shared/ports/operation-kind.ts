import { findCluster, updateCluster } from '../clusters/cluster-store.ts'
import type { OperationKind } from '../operations/operation-kind.ts'
import { ProblemError } from '../problem.ts'

export const OPEN_PORTS = 'open-ports'

/** It has a place of its own in the cluster's row: ports change while the cluster does something else, and leave its state alone. */
export const openPortsOperation: OperationKind = {
  kind: OPEN_PORTS,
  async claimed(services, operation) {
    return (await findCluster(services, operation.subject.id))?.portsChange?.operationId === operation.id
  },
  async reclaim() {
    throw new ProblemError({
      code: 'conflict',
      message: 'A change of ports is not retried.',
      remedy: 'Ask for the ports again: POST /api/clusters/{id}/ports',
      retryable: false,
    })
  },
  /** How far a change has come that ends early its step has written down. */
  async ended(services, operation, outcome) {
    await updateCluster(services, operation.subject.id, (cluster) => {
      const { portsChange, ...settled } = cluster
      if (portsChange?.operationId !== operation.id) return undefined
      return outcome.state === 'done' ? { ...settled, ports: portsChange.ports } : settled
    })
  },
}
