import { defineEndpoint, type Endpoint } from '../../shared/http/endpoint.ts'
import { reply } from '../../shared/http/reply.ts'
import { acceptedHeaders } from '../../shared/operations/accepted.ts'
import { describePlan } from '../../shared/operations/view.ts'
import { draftPorts, openPorts } from '../../shared/ports/open-ports.ts'
import { portsRequestSchema } from '../../shared/ports/wire.ts'
import { oneCluster, plannedOnly, started } from '../clusters/mutation-endpoint.ts'

export const portEndpoints: readonly Endpoint[] = [
  defineEndpoint({
    name: 'ports-open',
    method: 'POST',
    route: 'clusters/{clusterId}/ports',
    role: 'operator',
    summary: 'Open these ports to the services of a cluster and close all others, while it runs or while it is stopped',
    status: 202,
    params: oneCluster,
    request: portsRequestSchema,
    response: started,
    dryRun: plannedOnly,
    async handler({ params: { clusterId }, body: { ports }, dryRun, caller, services, orchestrations }) {
      if (dryRun) return { plan: describePlan(await draftPorts(services, clusterId, ports)) }
      const operation = await openPorts(services, orchestrations, clusterId, ports, caller.name)
      return reply({ operation }, { headers: acceptedHeaders(operation) })
    },
  }),
]
