import type { ZodType } from 'zod'
import * as z from 'zod'
import { listAccounts } from '../../shared/accounts/accounts.ts'
import { checkAccount, checkSchema } from '../../shared/accounts/check-account.ts'
import { choiceKinds, choicesOf, choicesSchema } from '../../shared/accounts/choices.ts'
import {
  createAccount,
  deleteAccount,
  draftAccount,
  draftAccountDeletion,
  draftAccountUpdate,
  getAccount,
  updateAccount,
} from '../../shared/accounts/edit-accounts.ts'
import { guideQuery, guideSchema, guideTo } from '../../shared/accounts/guide.ts'
import { providersRequest, setupRequest } from '../../shared/accounts/setup/request.ts'
import { type Draft, draftProviders, draftSetup, setupDraftSchema, startSetup } from '../../shared/accounts/setup/set-up.ts'
import { createSshKey, draftSshKey, sshKeyRequest, sshKeySchema } from '../../shared/accounts/setup/ssh-key.ts'
import { accountRequest, accountView, viewOfAccount } from '../../shared/accounts/wire.ts'
import { answered } from '../../shared/azure/answered.ts'
import { azureUsers } from '../../shared/azure-users.ts'
import { defineEndpoint, type Endpoint } from '../../shared/http/endpoint.ts'
import { reply } from '../../shared/http/reply.ts'
import { acceptedHeaders } from '../../shared/operations/accepted.ts'
import { listOperations } from '../../shared/operations/read-operation.ts'
import { describePlan } from '../../shared/operations/view.ts'
import { operationSummary } from '../../shared/operations/wire.ts'
import { roleQuery } from '../../shared/permissions/wire.ts'
import type { Services } from '../../shared/services.ts'
import { plannedOnly, started } from '../clusters/mutation-endpoint.ts'
import { kinds } from '../kinds.ts'

const oneAccount = z.object({ accountId: z.string().max(64) })
const place = z.object({
  resourceGroup: z
    .string()
    .regex(/^[\w.()-]{1,90}$/)
    .exactOptional(),
  location: z
    .string()
    .regex(/^[a-z0-9]{1,64}$/)
    .exactOptional(),
})
const shown = z.object({ account: accountView })

/** Starts what `draftOf` has found to be missing, as an operation of the account. */
const setupEndpoint = <Request>(
  declared: { readonly name: string; readonly route: string; readonly summary: string; readonly request: Request & ZodType },
  draftOf: (services: Services, accountId: string, body: Request extends ZodType ? z.output<Request> : undefined) => Promise<Draft>,
): Endpoint =>
  defineEndpoint({
    ...declared,
    method: 'POST',
    role: 'admin',
    status: 202,
    params: oneAccount,
    response: started,
    dryRun: plannedOnly.extend(setupDraftSchema.shape),
    async handler({ params: { accountId }, body, dryRun, caller, services, orchestrations }) {
      const { plan, ...facts } = await draftOf(services, accountId, body)
      if (dryRun) return { plan: describePlan(plan), ...facts }
      const operation = await startSetup(services, orchestrations, accountId, plan, caller.name)
      return reply({ operation }, { headers: acceptedHeaders(operation) })
    },
  })

export const accountEndpoints: readonly Endpoint[] = [
  defineEndpoint({
    name: 'accounts-list',
    method: 'GET',
    route: 'accounts',
    role: 'reader',
    summary: 'List the connected Azure subscriptions',
    response: z.object({ accounts: z.array(accountView) }),
    handler: async ({ services }) => ({ accounts: (await listAccounts(services)).map(viewOfAccount) }),
  }),
  defineEndpoint({
    name: 'accounts-create',
    method: 'POST',
    route: 'accounts',
    role: 'admin',
    summary: 'Connect an Azure subscription',
    status: 201,
    request: accountRequest,
    response: shown,
    dryRun: shown,
    async handler({ body, dryRun, services, origin }) {
      const account = dryRun ? draftAccount(services, body, origin) : await createAccount(services, body, origin)
      return { account: viewOfAccount(account) }
    },
  }),
  defineEndpoint({
    name: 'accounts-guide',
    method: 'GET',
    route: 'accounts/guide',
    role: 'reader',
    summary: 'Show each step to connect a subscription and to prepare it for clusters, with the commands filled in',
    query: guideQuery,
    response: guideSchema,
    handler: async ({ query }) => guideTo(azureUsers, query),
  }),
  defineEndpoint({
    name: 'accounts-check',
    method: 'GET',
    route: 'accounts/{accountId}/check',
    role: 'reader',
    summary: 'Find out whether the app can sign in to a subscription and what it lacks there',
    params: oneAccount,
    query: place.pick({ resourceGroup: true }).extend(roleQuery.pick({ features: true }).shape),
    response: checkSchema,
    async handler({ params, query, services }) {
      const { id } = await getAccount(services, params.accountId)
      return checkAccount(services, azureUsers, id, query)
    },
  }),
  defineEndpoint({
    name: 'accounts-operations',
    method: 'GET',
    route: 'accounts/{accountId}/operations',
    role: 'reader',
    summary: 'List what was done to set an account up, newest first',
    params: oneAccount,
    query: z.object({
      limit: z.coerce.number().int().min(1).max(1000).exactOptional(),
      continuation: z.string().max(1000).exactOptional(),
    }),
    response: z.object({ operations: z.array(operationSummary).readonly(), continuation: z.string().exactOptional() }),
    async handler({ params, query, services }) {
      const { id } = await getAccount(services, params.accountId)
      return listOperations(services, kinds, id, query)
    },
  }),
  setupEndpoint(
    {
      name: 'accounts-providers',
      route: 'accounts/{accountId}/providers',
      summary: 'Register the resource providers that a subscription lacks',
      request: providersRequest,
    },
    (services, accountId, body) => draftProviders(services, accountId, azureUsers, body),
  ),
  setupEndpoint(
    {
      name: 'accounts-setup',
      route: 'accounts/{accountId}/setup',
      summary:
        'Make what a resource group lacks of what every cluster is given; nothing that is there is changed, and nothing made is ever removed',
      request: setupRequest,
    },
    draftSetup,
  ),
  defineEndpoint({
    name: 'accounts-ssh-keys',
    method: 'POST',
    route: 'accounts/{accountId}/ssh-keys',
    role: 'admin',
    summary: 'Make an SSH key resource of a public key, or of a pair whose private key is shown this once',
    status: 201,
    secret: true,
    params: oneAccount,
    request: sshKeyRequest,
    response: z.object({ sshKey: sshKeySchema }),
    dryRun: z.object({ sshKey: sshKeySchema }),
    async handler({ params: { accountId }, body, dryRun, services }) {
      return { sshKey: await (dryRun ? draftSshKey : createSshKey)(services, accountId, body) }
    },
  }),
  defineEndpoint({
    name: 'accounts-choices',
    method: 'GET',
    route: 'accounts/{accountId}/choices/{kind}',
    role: 'reader',
    summary: 'List what a subscription has to choose from; an empty list says which permission is missing',
    params: oneAccount.extend({ kind: z.enum(choiceKinds) }),
    query: place,
    response: choicesSchema,
    async handler({ params, query, services }) {
      const { id } = await getAccount(services, params.accountId)
      const clients = await services.azure.forAccount(id)
      return answered(() => choicesOf(clients, params.kind, query))
    },
  }),
  defineEndpoint({
    name: 'accounts-read',
    method: 'GET',
    route: 'accounts/{accountId}',
    role: 'reader',
    summary: 'Look at a connected subscription',
    params: oneAccount,
    response: shown,
    handler: async ({ params, services }) => ({ account: viewOfAccount(await getAccount(services, params.accountId)) }),
  }),
  defineEndpoint({
    name: 'accounts-update',
    method: 'PUT',
    route: 'accounts/{accountId}',
    role: 'admin',
    summary: 'Rename a connected subscription or change how the app signs in to it',
    params: oneAccount,
    request: accountRequest,
    response: shown,
    dryRun: shown,
    async handler({ params: { accountId }, body, dryRun, services, origin }) {
      const account = dryRun
        ? await draftAccountUpdate(services, accountId, body, origin)
        : await updateAccount(services, accountId, body, origin)
      return { account: viewOfAccount(account) }
    },
  }),
  defineEndpoint({
    name: 'accounts-delete',
    method: 'DELETE',
    route: 'accounts/{accountId}',
    role: 'admin',
    summary: 'Disconnect a subscription that no cluster uses',
    params: oneAccount,
    dryRun: z.object({}),
    async handler({ params: { accountId }, dryRun, services }) {
      if (!dryRun) return deleteAccount(services, accountId)
      await draftAccountDeletion(services, accountId)
      return {}
    },
  }),
]
