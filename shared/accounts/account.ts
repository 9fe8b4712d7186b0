import { z } from 'zod'

/** A connected subscription. Its secret, where it has one, lies in the secret store. */
export const accountSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  tenantId: z.string().exactOptional(),
  subscriptionId: z.string(),
  /** How the app signs in: what the SDK finds, the app's managed identity, or a service principal with a secret. */
  credential: z.enum(['default', 'managed-identity', 'client-secret']),
  /** Of the service principal, or of a user-assigned managed identity. */
  clientId: z.string().exactOptional(),
  /** Epoch seconds. */
  createdOn: z.number(),
})
export type Account = Readonly<z.output<typeof accountSchema>>

export const accountSecret = (accountId: string): string => `account-${accountId}`
