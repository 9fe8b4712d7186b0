import * as z from 'zod'
import { policySchema } from '../retention/policy.ts'

export const authentications = ['entra', 'basic'] as const
export const skus = ['Basic', 'Standard', 'Premium'] as const

/** `<name>.azurecr.io`, and what national clouds have in its place. No other host is ever asked: credentials go there. */
export const loginServerPattern = /^[a-z0-9]{5,50}(-[a-z0-9]{1,20})?\.azurecr\.(io|cn|us)$/

/** Names that a registry lets a repository have. */
export const repositoryPattern = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/

/** A container registry that is kept clean. */
export const registrySchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  loginServer: z.string().regex(loginServerPattern),
  /** Absent where it was adopted by its login server alone: then nothing is known of its SKU, usage and built-in policy. */
  armId: z.string().exactOptional(),
  accountId: z.string(),
  authentication: z.enum(authentications),
  /** For `basic`; the password lies in the secret store. */
  username: z.string().exactOptional(),
  sku: z.enum(skus).exactOptional(),
  policy: policySchema,
  /** Epoch seconds. */
  createdOn: z.number(),
  /** From when the schedule counts. */
  scheduledFrom: z.number(),
  /** The run that is at work on it: one at a time. */
  activeRun: z.string().exactOptional(),
  lastRun: z.string().exactOptional(),
  /** Epoch seconds since it is no more in Azure: nothing is run on it. */
  retiredOn: z.number().exactOptional(),
})
export type Registry = Readonly<z.output<typeof registrySchema>>

export const registrySecret = (registryId: string): string => `registry-${registryId}`
