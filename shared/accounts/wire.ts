import * as z from 'zod'
import { type Account, credentialKinds } from './account.ts'
import { DEFAULT_ACCOUNT } from './accounts.ts'

const LONGEST_NAME = 100

/** What a caller says about an account; the secret goes to the secret store and is never shown again. */
export const accountRequest = z
  .strictObject({
    name: z.string().trim().min(1).max(LONGEST_NAME),
    subscriptionId: z.guid(),
    tenantId: z.guid().exactOptional(),
    credential: z.enum(credentialKinds).describe('How to sign in: managed-identity and default need no secret'),
    clientId: z.guid().exactOptional().describe('Of the service principal, or of a user-assigned managed identity'),
    clientSecret: z.string().min(1).max(1000).exactOptional().describe('Kept in the secret store; left out at an update: it stays'),
  })
  .superRefine(({ credential, ...given }, context) => {
    const needed = credential === 'client-secret' || credential === 'workload-identity' ? (['tenantId', 'clientId'] as const) : []
    for (const field of needed)
      if (given[field] === undefined) context.addIssue({ code: 'custom', path: [field], message: `is needed with ${credential}` })
    if (credential !== 'client-secret' && given.clientSecret !== undefined)
      context.addIssue({ code: 'custom', path: ['clientSecret'], message: `has no meaning with ${credential}` })
  })
export type AccountRequest = z.output<typeof accountRequest>

export const accountView = z.object({
  id: z.string(),
  name: z.string(),
  subscriptionId: z.string(),
  tenantId: z.string().exactOptional(),
  credential: z.enum(credentialKinds),
  clientId: z.string().exactOptional(),
  createdOn: z.number().describe('Epoch seconds'),
  activeOperation: z.string().exactOptional().describe('Id of the operation that sets it up at the moment'),
  fromSettings: z.boolean().describe("It is the app's settings that connect it: they alone change it"),
})

export function viewOfAccount({ revision: _, leaving: __, ...account }: Account): z.output<typeof accountView> {
  return { ...account, fromSettings: account.id === DEFAULT_ACCOUNT }
}
