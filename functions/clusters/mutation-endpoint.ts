import type { ZodType } from 'zod'
import * as z from 'zod'
import { draftMutation, mutateCluster, type TimedMutation } from '../../shared/clusters/mutate-cluster.ts'
import { defineEndpoint, type Endpoint, type EndpointDefinition } from '../../shared/http/endpoint.ts'
import { reply } from '../../shared/http/reply.ts'
import { acceptedHeaders } from '../../shared/operations/accepted.ts'
import { describePlan } from '../../shared/operations/view.ts'
import { planView } from '../../shared/operations/wire.ts'
import { priceSchema } from '../../shared/prices/price-of.ts'

export const oneCluster = z.object({ clusterId: z.string().max(64) })
export const plannedOnly = z.object({ plan: planView })
/** The price is there where machines are made or started. */
export const plannedAndPriced = plannedOnly.extend({ price: priceSchema.exactOptional() })
export const started = z.object({ operation: z.string().describe('Id of the operation') })

type Declared<Query, Request> = Pick<
  EndpointDefinition<undefined, Query, Request, undefined, undefined>,
  'name' | 'method' | 'route' | 'summary' | 'query' | 'request'
>

interface Asked<Query, Request> {
  readonly query: Query extends ZodType ? z.output<Query> : Record<never, never>
  readonly body: Request extends ZodType ? z.output<Request> : undefined
}

/** `PUT …/stop` and the like: switches the state, starts the operation and answers where to follow it. */
export const mutationEndpoint = <Query = undefined, Request = undefined>(
  declared: Declared<Query, Request>,
  mutationOf: (asked: Asked<Query, Request>) => TimedMutation,
): Endpoint =>
  defineEndpoint({
    ...declared,
    role: 'operator',
    status: 202,
    params: oneCluster,
    response: started,
    dryRun: plannedAndPriced,
    async handler({ params: { clusterId }, query, body, dryRun, caller, services, orchestrations }) {
      const mutation = mutationOf({ query, body })
      if (dryRun) {
        const { plan, ...cost } = await draftMutation(services, mutation, clusterId)
        return { plan: describePlan(plan), ...cost }
      }
      const operation = await mutateCluster(services, orchestrations, mutation, clusterId, caller.name)
      return reply({ operation }, { headers: acceptedHeaders(operation) })
    },
  })
