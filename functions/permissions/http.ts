import * as z from 'zod'
import { azureUsers } from '../../shared/azure-users.ts'
import { createRequestSchema } from '../../shared/clusters/create-request.ts'
import { defineEndpoint, type Endpoint } from '../../shared/http/endpoint.ts'
import { featureNames, features } from '../../shared/permissions/features.ts'
import { controlPlaneRoles, identityRoles } from '../../shared/permissions/roles.ts'
import { roleQuery, rolesSchema } from '../../shared/permissions/wire.ts'
import { preflight, reportSchema } from '../../shared/preflight/preflight.ts'

export const permissionEndpoints: readonly Endpoint[] = [
  defineEndpoint({
    name: 'permissions-features',
    method: 'GET',
    route: 'permissions/features',
    role: 'reader',
    summary: 'List the features that a role can be asked for with',
    response: z.object({ features: z.array(z.object({ name: z.enum(featureNames), meaning: z.string() })) }),
    handler: async () => ({ features: featureNames.map((name) => ({ name, meaning: features[name].meaning })) }),
  }),
  defineEndpoint({
    name: 'permissions-control-plane',
    method: 'GET',
    route: 'permissions/control-plane',
    role: 'reader',
    summary: 'Compute the custom roles that the app needs in Azure, as JSON, as commands and as Bicep',
    query: roleQuery,
    response: rolesSchema,
    handler: async ({ query, services }) => ({ roles: controlPlaneRoles(azureUsers, query, services.settings.subscriptionId) }),
  }),
  defineEndpoint({
    name: 'permissions-cluster-identity',
    method: 'GET',
    route: 'permissions/cluster-identity',
    role: 'reader',
    summary: "Compute the custom role of the identity of the clusters' machines",
    query: roleQuery,
    response: rolesSchema,
    handler: async ({ query, services }) => ({ roles: identityRoles(query, services.settings.subscriptionId) }),
  }),
  defineEndpoint({
    name: 'preflight',
    method: 'POST',
    route: 'preflight',
    role: 'operator',
    summary: 'Find out whether a creation would succeed, what it would lack and what it would cost',
    request: createRequestSchema,
    response: reportSchema,
    handler: ({ body, services, origin }) => preflight(services, body, origin),
  }),
]
