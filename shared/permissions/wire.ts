import * as z from 'zod'
import { type Feature, featureNames } from './features.ts'

/** Text of a query: values with commas between them. */
const commaList = z
  .string()
  .max(4000)
  .transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean),
  )

const scope = z
  .string()
  .regex(/^\/subscriptions\/[\w-]{1,64}(?:\/resourceGroups\/[\w.()-]{1,90})?$/i, 'must be the id of a subscription or of a resource group')

export const roleQuery = z.object({
  features: commaList
    .pipe(z.array(z.enum(featureNames)))
    .exactOptional()
    .describe(`Features with commas between them, of ${featureNames.join(', ')}; all but setup unless told`),
  scopes: commaList
    .pipe(z.array(scope).min(1).max(50))
    .exactOptional()
    .describe('Ids of subscriptions or resource groups with commas between them; the whole subscription unless told'),
  principal: z.guid().exactOptional().describe('Object id of who gets the role'),
})

export interface RoleQuery {
  readonly features?: readonly Feature[]
  readonly scopes?: readonly string[]
  readonly principal?: string
}

export const rolesSchema = z.object({
  roles: z.array(
    z.object({
      name: z.string(),
      description: z.string(),
      actions: z.array(z.string()).readonly(),
      dataActions: z.array(z.string()).readonly(),
      scopes: z.array(z.string()).readonly(),
      json: z.string().describe('For az role definition create --role-definition @file, and for update where the role is there'),
      az: z.string().describe('Commands that make the role, or update the one that is there, and assign it'),
      bicep: z.string(),
    }),
  ),
})
export type ShownRole = z.output<typeof rolesSchema>['roles'][number]
