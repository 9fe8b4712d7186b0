import * as z from 'zod'
import { policySchema } from '../retention/policy.ts'
import { authentications, type Registry } from './registry.ts'

export const registryView = z.object({
  id: z.string(),
  name: z.string(),
  loginServer: z.string(),
  armId: z.string().exactOptional(),
  accountId: z.string(),
  authentication: z.enum(authentications),
  username: z.string().exactOptional(),
  sku: z.string().exactOptional(),
  policy: policySchema,
  createdOn: z.number().describe('Epoch seconds'),
  nextRunOn: z.number().exactOptional().describe('Epoch seconds'),
  activeRun: z.string().exactOptional(),
  lastRun: z.string().exactOptional().describe('The latest run that listed the whole registry'),
  retiredOn: z.number().exactOptional().describe('Epoch seconds since it is no more in Azure'),
})

export function viewOfRegistry({ scheduledFrom: _, ...registry }: Registry, nextRunOn: number | undefined): z.input<typeof registryView> {
  const { rules, excludeRepositories, protectedDigests, protectedAnnotations, ...policy } = registry.policy
  return {
    ...registry,
    policy: {
      ...policy,
      rules: rules.map(({ include, exclude, ...rule }) => ({ ...rule, include: [...include], exclude: [...exclude] })),
      excludeRepositories: [...excludeRepositories],
      protectedDigests: [...protectedDigests],
      protectedAnnotations: [...protectedAnnotations],
    },
    ...(nextRunOn !== undefined && { nextRunOn }),
  }
}

export const builtInPolicyView = z.object({
  supported: z.boolean().describe('Premium registries have one'),
  days: z.number().exactOptional(),
  status: z.enum(['enabled', 'disabled']).exactOptional(),
  softDelete: z
    .object({ days: z.number().exactOptional(), status: z.enum(['enabled', 'disabled']) })
    .exactOptional()
    .describe('Where it is enabled, what is deleted can be restored'),
})

export const repositoryView = z.object({
  name: z.string(),
  manifestCount: z.number(),
  tagCount: z.number(),
  lastUpdateTime: z.string(),
  locked: z.boolean(),
})
export const manifestView = z.object({
  digest: z.string(),
  mediaType: z.string().exactOptional(),
  size: z.number().describe('Bytes, estimated: layers that images share count once for each'),
  pushedOn: z.number().exactOptional().describe('Epoch seconds'),
  tags: z.array(z.string()),
  locked: z.boolean(),
  quarantined: z.boolean(),
})
export const tagView = z.object({ name: z.string(), digest: z.string(), updatedOn: z.number().exactOptional(), locked: z.boolean() })
