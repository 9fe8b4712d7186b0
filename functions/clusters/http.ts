import { z } from 'zod'
import { getCluster } from '../../shared/clusters/cluster-store.ts'
import { createCluster, draftCreation } from '../../shared/clusters/create-cluster.ts'
import { createRequestSchema } from '../../shared/clusters/create-request.ts'
import { ADMIN, findPassword } from '../../shared/clusters/first-password.ts'
import { listAllClusters, listClusters } from '../../shared/clusters/list-clusters.ts'
import { draftMutation, mutateCluster } from '../../shared/clusters/mutate-cluster.ts'
import { toWire } from '../../shared/clusters/to-wire.ts'
import type { Mutation } from '../../shared/clusters/transitions.ts'
import { wireCluster } from '../../shared/clusters/wire.ts'
import { defineEndpoint, type Endpoint, type Method } from '../../shared/http/endpoint.ts'
import { reply } from '../../shared/http/reply.ts'
import { acceptedHeaders } from '../../shared/operations/accepted.ts'
import { describePlan } from '../../shared/operations/view.ts'
import { planView } from '../../shared/operations/wire.ts'
import { ProblemError } from '../../shared/problem.ts'

const oneCluster = z.object({ clusterId: z.string().max(64) })

const listQuery = z.object({
  cloud: z.enum(['AWS', 'AZURE', 'GCP']).exactOptional(),
  limit: z.coerce.number().int().min(1).max(1000).exactOptional(),
  continuation: z.string().max(1000).exactOptional(),
})

const dryRun = z.object({ plan: planView })
const started = z.object({ operation: z.string().describe('Id of the operation') })

/** `PUT …/stop` and the like: switches the state, starts the operation and answers where to follow it. */
const mutation = (what: Mutation, method: Method, route: string, summary: string) =>
  defineEndpoint({
    name: `clusters-${what}`,
    method,
    route,
    role: 'operator',
    summary,
    status: 202,
    params: oneCluster,
    response: started,
    dryRun,
    async handler({ params: { clusterId }, dryRun, caller, services, orchestrations }) {
      if (dryRun) return { plan: describePlan(await draftMutation(services, what, clusterId)) }
      const operation = await mutateCluster(services, orchestrations, what, clusterId, caller.name)
      return reply({ operation }, { headers: acceptedHeaders(operation) })
    },
  })

export const clusterEndpoints: readonly Endpoint[] = [
  defineEndpoint({
    name: 'clusters-list',
    method: 'GET',
    route: 'clusters',
    role: 'reader',
    summary: 'List the clusters, all of them unless a limit is given',
    query: listQuery,
    response: z.object({ clusters: z.array(wireCluster), continuation: z.string().exactOptional() }),
    async handler({ query: { cloud = 'AZURE', ...page }, services }) {
      if (cloud !== 'AZURE') return { clusters: [] }
      const { clusters, ...rest } = page.limit === undefined ? await listAllClusters(services, page) : await listClusters(services, page)
      return { clusters: clusters.map(toWire), ...rest }
    },
  }),
  defineEndpoint({
    name: 'clusters-create',
    method: 'POST',
    route: 'clusters',
    role: 'operator',
    summary: 'Create a cluster',
    status: 202,
    request: createRequestSchema,
    response: started.extend({ id: z.string().describe('Id of the cluster') }),
    dryRun,
    async handler({ body, dryRun, caller, services, orchestrations, origin }) {
      if (dryRun) return { plan: describePlan(await draftCreation(services, body, origin)) }
      const operation = await createCluster(services, orchestrations, body, caller.name, origin)
      return reply({ id: operation.clusterId, operation: operation.id }, { headers: acceptedHeaders(operation.id) })
    },
  }),
  defineEndpoint({
    name: 'clusters-get',
    method: 'GET',
    route: 'clusters/{clusterId}',
    role: 'reader',
    summary: 'Look at a cluster',
    params: oneCluster,
    response: z.object({ cluster: wireCluster }),
    handler: async ({ params, services }) => ({ cluster: toWire(await getCluster(services, params.clusterId)) }),
  }),
  mutation('delete', 'DELETE', 'clusters/{clusterId}', 'Terminate a cluster: everything that was made for it is removed'),
  mutation('stop', 'PUT', 'clusters/{clusterId}/stop', 'Stop a cluster'),
  mutation('start', 'PUT', 'clusters/{clusterId}/start', 'Start a stopped cluster'),
  defineEndpoint({
    name: 'clusters-credentials',
    method: 'GET',
    route: 'clusters/{clusterId}/credentials',
    role: 'admin',
    summary: 'Read the first administrator and the password of a cluster',
    params: oneCluster,
    response: z.object({ user: z.string(), password: z.string() }),
    async handler({ params: { clusterId }, services }) {
      await getCluster(services, clusterId)
      const password = await findPassword(services, clusterId)
      if (password !== undefined) return { user: ADMIN, password }
      throw new ProblemError({
        code: 'conflict',
        message: 'The cluster has no password yet.',
        remedy: 'Wait until the cluster is running.',
        retryable: true,
      })
    },
  }),
]
