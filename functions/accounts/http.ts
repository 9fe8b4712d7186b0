import { z } from 'zod'
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
import { accountRequest, accountView, viewOfAccount } from '../../shared/accounts/wire.ts'
import { azureUsers } from '../../shared/azure-users.ts'
import { defineEndpoint, type Endpoint } from '../../shared/http/endpoint.ts'
import { roleQuery } from '../../shared/permissions/wire.ts'

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
      return choicesOf(await services.azure.forAccount(id), params.kind, query)
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
