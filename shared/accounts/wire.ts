import * as z from 'zod'
import { type Account, type CredentialKind, credentialKinds } from './account.ts'
import { DEFAULT_ACCOUNT } from './accounts.ts'

const LONGEST_NAME = 100

/** The secret apart: an update leaves it out where it stays. */
const neededBy = {
  default: [],
  'managed-identity': [],
  'client-secret': ['tenantId', 'clientId'],
  'workload-identity': ['tenantId', 'clientId', 'identityClientId'],
} as const satisfies Readonly<Record<CredentialKind, readonly string[]>>

/** What a caller says about an account; the secret goes to the secret store and is never shown again. */
export const accountRequest = z
  .strictObject({
    name: z.string().trim().min(1).max(LONGEST_NAME),
    subscriptionId: z.guid(),
    tenantId: z.guid().exactOptional(),
    credential: z.enum(credentialKinds).describe('How to sign in; client-secret alone needs a secret'),
    clientId: z.guid().exactOptional().describe('Of the service principal, or of a user-assigned managed identity'),
    identityClientId: z
      .guid()
      .exactOptional()
      .describe('With workload-identity: client id of the user-assigned managed identity that the service principal trusts'),
    clientSecret: z.string().min(1).max(1000).exactOptional().describe('Kept in the secret store; left out at an update: it stays'),
  })
  .superRefine(({ credential, ...given }, context) => {
    for (const field of neededBy[credential])
      if (given[field] === undefined) context.addIssue({ code: 'custom', path: [field], message: `is needed with ${credential}` })
    for (const [field, only] of [['clientSecret', 'client-secret'] as const, ['identityClientId', 'workload-identity'] as const])
      if (credential !== only && given[field] !== undefined)
        context.addIssue({ code: 'custom', path: [field], message: `has no meaning with ${credential}` })
  })
export type AccountRequest = z.output<typeof accountRequest>

export const accountView = z.object({
  id: z.string(),
  name: z.string(),
  subscriptionId: z.string(),
  tenantId: z.string().exactOptional(),
  credential: z.enum(credentialKinds),
  clientId: z.string().exactOptional(),
  identityClientId: z.string().exactOptional(),
  createdOn: z.number().describe('Epoch seconds'),
  activeOperation: z.string().exactOptional().describe('Id of the operation that sets it up at the moment'),
  fromSettings: z.boolean().describe("It is the app's settings that connect it: they alone change it"),
})

export function viewOfAccount({ revision: _, leaving: __, ...account }: Account): z.output<typeof accountView> {
  return { ...account, fromSettings: account.id === DEFAULT_ACCOUNT }
}
