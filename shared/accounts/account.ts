import * as z from 'zod'

/**
 * How the app signs in to a subscription: with what the Azure SDK finds, with its managed identity, as a service principal with a secret,
 * or as a service principal that trusts a managed identity of the app instead of a secret (federation).
 */
export const credentialKinds = ['default', 'managed-identity', 'client-secret', 'workload-identity'] as const
export type CredentialKind = (typeof credentialKinds)[number]

/** A connected subscription. Its secret, where it has one, lies in the secret store. */
export const accountSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  tenantId: z.string().exactOptional(),
  subscriptionId: z.string(),
  credential: z.enum(credentialKinds),
  /** Of the service principal, or of a user-assigned managed identity. */
  clientId: z.string().exactOptional(),
  /** Of the user-assigned managed identity that the service principal trusts. Accounts of before it was asked for lack it. */
  identityClientId: z.string().exactOptional(),
  /** Epoch seconds. */
  createdOn: z.number(),
  /** Another after every edit: what was made from a former one is stale, also where only the secret changed. */
  revision: z.string().exactOptional(),
  /** It is being removed: nothing new may begin on it. */
  leaving: z.literal(true).exactOptional(),
  /** Id of the operation that sets it up at the moment. */
  activeOperation: z.string().exactOptional(),
})
export type Account = Readonly<z.output<typeof accountSchema>>

export const accountSecret = (accountId: string): string => `account-${accountId}`
