import * as z from 'zod'
import { getCluster } from '../../shared/clusters/cluster-store.ts'
import { createCluster, draftCreation } from '../../shared/clusters/create-cluster.ts'
import { createRequestSchema } from '../../shared/clusters/create-request.ts'
import { ADMIN, findPassword } from '../../shared/clusters/first-password.ts'
import { listAllClusters, listClusters } from '../../shared/clusters/list-clusters.ts'
import { lockCluster, unlockCluster } from '../../shared/clusters/lock.ts'
import { deleteCluster, restartCluster, startCluster, stopCluster } from '../../shared/clusters/mutate-cluster.ts'
import { toWire } from '../../shared/clusters/to-wire.ts'
import { wireCluster } from '../../shared/clusters/wire.ts'
import { defineEndpoint, type Endpoint } from '../../shared/http/endpoint.ts'
import { reply } from '../../shared/http/reply.ts'
import { acceptedHeaders } from '../../shared/operations/accepted.ts'
import { sequence } from '../../shared/operations/plan.ts'
import { describePlan } from '../../shared/operations/view.ts'
import { preflightOf, reportSchema } from '../../shared/preflight/preflight.ts'
import { ProblemError } from '../../shared/problem.ts'
import { mutationEndpoint, oneCluster, plannedOnly, started } from './mutation-endpoint.ts'

const listQuery = z.object({
  cloud: z.enum(['AWS', 'AZURE', 'GCP']).exactOptional(),
  limit: z.coerce.number().int().min(1).max(1000).exactOptional(),
  continuation: z.string().max(1000).exactOptional(),
})

/** A switch on the cluster's row: done when it is answered. */
const lockEndpoint = (method: 'PUT' | 'DELETE', what: 'lock' | 'unlock', summary: string) =>
  defineEndpoint({
    name: `clusters-${what}`,
    method,
    route: 'clusters/{clusterId}/lock',
    role: 'operator',
    summary,
    params: oneCluster,
    dryRun: plannedOnly,
    async handler({ params: { clusterId }, dryRun, services }) {
      const cluster = await getCluster(services, clusterId)
      if (dryRun) return { plan: describePlan(sequence(`${what} cluster ${cluster.request.name}`)) }
      await (what === 'lock' ? lockCluster : unlockCluster)(services, clusterId)
      return undefined
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
    dryRun: plannedOnly.extend({ preflight: reportSchema }),
    async handler({ body, dryRun, caller, services, orchestrations, origin }) {
      if (dryRun) {
        const drafted = await draftCreation(services, body, origin)
        return { plan: describePlan(drafted.plan), preflight: await preflightOf(services, drafted) }
      }
      const operation = await createCluster(services, orchestrations, body, caller.name, origin)
      return reply({ id: operation.subject.id, operation: operation.id }, { headers: acceptedHeaders(operation.id) })
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
  mutationEndpoint(
    {
      name: 'clusters-delete',
      method: 'DELETE',
      route: 'clusters/{clusterId}',
      summary: 'Terminate a cluster: everything that was made for it is removed',
      query: z.object({ confirm: z.string().max(64).describe('Name of the cluster, where it is locked').exactOptional() }),
    },
    ({ query }) => ({ ...deleteCluster, ...query }),
  ),
  mutationEndpoint(
    { name: 'clusters-stop', method: 'PUT', route: 'clusters/{clusterId}/stop', summary: 'Stop a cluster' },
    () => stopCluster,
  ),
  mutationEndpoint(
    { name: 'clusters-start', method: 'PUT', route: 'clusters/{clusterId}/start', summary: 'Start a stopped cluster' },
    () => startCluster,
  ),
  mutationEndpoint(
    { name: 'clusters-restart', method: 'PUT', route: 'clusters/{clusterId}/restart', summary: 'Restart all machines of a cluster' },
    () => restartCluster,
  ),
  lockEndpoint('PUT', 'lock', 'Lock a cluster: whoever deletes it has to confirm that by its name'),
  lockEndpoint('DELETE', 'unlock', 'Take the lock off a cluster'),
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
