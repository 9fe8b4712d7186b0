import { z } from 'zod'
import { listAccounts } from '../../shared/accounts/accounts.ts'
import {
  createAccount,
  deleteAccount,
  draftAccount,
  draftAccountDeletion,
  draftAccountUpdate,
  getAccount,
  updateAccount,
} from '../../shared/accounts/edit-accounts.ts'
import { accountRequest, accountView, viewOfAccount } from '../../shared/accounts/wire.ts'
import { defineEndpoint, type Endpoint } from '../../shared/http/endpoint.ts'

const oneAccount = z.object({ accountId: z.string().max(64) })
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
