import * as z from 'zod'
import { accountIdPattern, chosenAccount } from '../../shared/accounts/accounts.ts'
import { defineEndpoint, type Endpoint } from '../../shared/http/endpoint.ts'
import { sizesIn } from '../../shared/node-types/machine-size-store.ts'
import { draftResize, modifyInstanceType } from '../../shared/node-types/modify-instance-type.ts'
import { supportedTypes } from '../../shared/node-types/supported-types.ts'
import { modifyRequestSchema, supportedTypesSchema } from '../../shared/node-types/wire.ts'
import { describePlan } from '../../shared/operations/view.ts'
import { invalid } from '../../shared/problem.ts'
import { oneCluster, plannedAndPriced } from '../clusters/mutation-endpoint.ts'

const query = z.object({
  cloud: z
    .enum(['AWS', 'AZURE', 'GCP'])
    .refine((cloud) => cloud === 'AZURE', 'must be AZURE: clusters on other clouds are not supported')
    .default('AZURE'),
  region: z
    .string()
    .regex(/^[a-z0-9]{1,64}$/, 'must be the short name of a location, e.g. northeurope')
    .exactOptional(),
  account: z
    .string()
    .regex(accountIdPattern, 'must be the id of an account')
    .exactOptional()
    .describe("Left out: the settings' account, or the only one"),
})

export const nodeTypeEndpoints: readonly Endpoint[] = [
  defineEndpoint({
    name: 'node-types-supported',
    method: 'GET',
    route: 'clusters/nodes/supported-types',
    role: 'reader',
    summary: 'List the VM sizes that each type of node can have, as the subscription is sold them',
    query,
    response: supportedTypesSchema,
    async handler({ query: { region, account }, services }) {
      const { id } = await chosenAccount(services, account, 'account')
      const sizes = await sizesIn(services, id, region)
      if (region !== undefined && sizes.length === 0) invalid('region', `Azure sells nothing in ${region}`)
      return { azure: supportedTypes(sizes) }
    },
  }),
  defineEndpoint({
    name: 'node-types-modify',
    method: 'PUT',
    route: 'clusters/{clusterId}/nodes/modify-instance-type',
    role: 'operator',
    summary: 'Choose another VM size for nodes of a stopped cluster; they have it from the next start on',
    params: oneCluster,
    request: modifyRequestSchema,
    dryRun: plannedAndPriced,
    async handler({ params: { clusterId }, body: { nodeInfo }, dryRun, services }) {
      if (!dryRun) return modifyInstanceType(services, clusterId, nodeInfo)
      const { plan, price } = await draftResize(services, clusterId, nodeInfo)
      return { plan: describePlan(plan), price }
    },
  }),
]
