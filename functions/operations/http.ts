import * as z from 'zod'
import { getCluster } from '../../shared/clusters/cluster-store.ts'
import { defineEndpoint, type Endpoint } from '../../shared/http/endpoint.ts'
import { reply } from '../../shared/http/reply.ts'
import { acceptedHeaders } from '../../shared/operations/accepted.ts'
import { refused } from '../../shared/operations/allowed-actions.ts'
import { cancelOperation } from '../../shared/operations/cancel-operation.ts'
import type { Kinds } from '../../shared/operations/kinds.ts'
import { listOperations, readOperation } from '../../shared/operations/read-operation.ts'
import { retryOperation } from '../../shared/operations/retry-operation.ts'
import { type OperationView, operationSummary, operationView } from '../../shared/operations/wire.ts'

const oneOperation = z.object({ operationId: z.string().max(80) })
const wholeOperation = z.object({ operation: operationView })

const page = z.object({
  limit: z.coerce.number().int().min(1).max(1000).exactOptional(),
  continuation: z.string().max(1000).exactOptional(),
})

/** The operation as it is, where that may be done to it: a dry run. Whether its cluster is busy shows only when a retry claims it. */
function allowed(operation: OperationView, action: 'retry' | 'cancel'): { operation: OperationView } {
  const repeated = action === 'cancel' && operation.state === 'cancelling'
  const found = operation.allowedActions.find((one) => one.action === action)
  if (!found || found.allowed || repeated) return { operation }
  const { reason = '', remedy } = found
  throw refused({ reason, ...(remedy !== undefined && { remedy }) })
}

export function operationEndpoints(kinds: Kinds): readonly Endpoint[] {
  return [
    defineEndpoint({
      name: 'operations-get',
      method: 'GET',
      route: 'operations/{operationId}',
      role: 'reader',
      summary: 'Look how far an operation is',
      params: oneOperation,
      response: wholeOperation,
      handler: async ({ params, services }) => ({ operation: await readOperation(services, kinds, params.operationId) }),
    }),
    defineEndpoint({
      name: 'operations-list',
      method: 'GET',
      route: 'clusters/{clusterId}/operations',
      role: 'reader',
      summary: 'List what was done to a cluster, newest first',
      params: z.object({ clusterId: z.string().max(64) }),
      query: page,
      response: z.object({ operations: z.array(operationSummary).readonly(), continuation: z.string().exactOptional() }),
      async handler({ params: { clusterId }, query, services }) {
        const page = await listOperations(services, kinds, clusterId, query)
        // A cluster that is gone has left its operations, and one whose operations were purged is still there.
        if (page.operations.length === 0 && query.continuation === undefined) await getCluster(services, clusterId)
        return page
      },
    }),
    defineEndpoint({
      name: 'operations-retry',
      method: 'POST',
      route: 'operations/{operationId}/retry',
      role: 'operator',
      summary: 'Run a failed or cancelled operation on from where it stopped',
      status: 202,
      params: oneOperation,
      response: wholeOperation,
      dryRun: wholeOperation,
      async handler({ params: { operationId: id }, dryRun, caller, services, orchestrations }) {
        if (dryRun) return allowed(await readOperation(services, kinds, id), 'retry')
        await retryOperation(services, orchestrations, kinds, id, caller.name)
        return reply({ operation: await readOperation(services, kinds, id) }, { headers: acceptedHeaders(id) })
      },
    }),
    defineEndpoint({
      name: 'operations-cancel',
      method: 'POST',
      route: 'operations/{operationId}/cancel',
      role: 'operator',
      summary: 'Call an operation off; a creation takes back what it made',
      status: 202,
      params: oneOperation,
      response: wholeOperation,
      dryRun: wholeOperation,
      async handler({ params: { operationId: id }, dryRun, caller, services }) {
        if (dryRun) return allowed(await readOperation(services, kinds, id), 'cancel')
        await cancelOperation(services, kinds, id, caller.name)
        return reply({ operation: await readOperation(services, kinds, id) }, { headers: acceptedHeaders(id) })
      },
    }),
  ]
}
