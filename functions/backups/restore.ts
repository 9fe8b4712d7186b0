import * as z from 'zod'
import { draftRestore, restoreCluster } from '../../shared/backups/restore/restore-cluster.ts'
import { restoreRequestSchema } from '../../shared/backups/restore/restore-request.ts'
import { defineEndpoint, type Endpoint } from '../../shared/http/endpoint.ts'
import { reply } from '../../shared/http/reply.ts'
import { acceptedHeaders } from '../../shared/operations/accepted.ts'
import { describePlan } from '../../shared/operations/view.ts'
import { preflightOf, reportSchema } from '../../shared/preflight/preflight.ts'
import { plannedOnly, started } from '../clusters/mutation-endpoint.ts'

export const restoreEndpoints: readonly Endpoint[] = [
  defineEndpoint({
    name: 'backups-restore',
    method: 'POST',
    route: 'clusters/restore/{backupId}',
    role: 'operator',
    summary: 'Make a cluster from a backup of one that has been terminated',
    status: 202,
    params: z.object({ backupId: z.string().max(64) }),
    query: z.object({
      deleteNewerBackups: z
        .enum(['true', 'false'])
        .describe('Whether newer backups may go: the restore rolls the container back, and makes them worthless')
        .exactOptional(),
    }),
    request: restoreRequestSchema,
    response: started.extend({ id: z.string().describe('Id of the cluster') }),
    dryRun: plannedOnly.extend({ preflight: reportSchema }),
    async handler({ params, query, body, dryRun, caller, services, orchestrations, origin }) {
      const request = { ...params, changes: body.cluster, deleteNewerBackups: query.deleteNewerBackups === 'true' }
      if (dryRun) {
        const drafted = await draftRestore(services, request, origin)
        return { plan: describePlan(drafted.plan), preflight: await preflightOf(services, drafted) }
      }
      const operation = await restoreCluster(services, orchestrations, request, caller.name, origin)
      return reply({ id: operation.subject.id, operation: operation.id }, { headers: acceptedHeaders(operation.id) })
    },
  }),
]
