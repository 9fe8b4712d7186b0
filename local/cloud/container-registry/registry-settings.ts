import { z } from 'zod'
import { ArmError } from '../arm/arm-error.ts'
import type { Json, JsonObject } from '../resource.ts'
import type { Sku } from './registry.ts'

const status = z.enum(['enabled', 'disabled'])

const policies = z.object({
  quarantinePolicy: z.object({ status: status.optional() }).optional(),
  trustPolicy: z.object({ type: z.literal('Notary').optional(), status: status.optional() }).optional(),
  retentionPolicy: z.object({ days: z.int().min(0).max(365).optional(), status: status.optional() }).optional(),
  exportPolicy: z.object({ status: status.optional() }).optional(),
  azureADAuthenticationAsArmPolicy: z.object({ status: status.optional() }).optional(),
  softDeletePolicy: z.object({ retentionDays: z.int().min(1).max(90).optional(), status: status.optional() }).optional(),
})

const settings = z.object({
  adminUserEnabled: z.boolean().optional(),
  anonymousPullEnabled: z.boolean().optional(),
  publicNetworkAccess: z.enum(['Enabled', 'Disabled']).optional(),
  networkRuleBypassOptions: z.enum(['AzureServices', 'None']).optional(),
  roleAssignmentMode: z.enum(['LegacyRegistryPermissions', 'AbacRepositoryPermissions']).optional(),
  policies: policies.optional(),
})
type Settings = z.infer<typeof settings>

const sku = z.object({ name: z.enum(['Basic', 'Standard', 'Premium']) })

export const registryBody = z.object({ sku, properties: settings.prefault({}) })
export const registryPatch = z.object({
  sku: sku.optional(),
  properties: settings.prefault({}),
  tags: z.record(z.string().max(512), z.string().max(256)).optional(),
})

/** A new registry's [rest: Registries - Create]. */
export function defaultSettings(): JsonObject {
  return {
    adminUserEnabled: false,
    anonymousPullEnabled: false,
    publicNetworkAccess: 'Enabled',
    networkRuleBypassOptions: 'AzureServices',
    roleAssignmentMode: 'LegacyRegistryPermissions',
    policies: {
      quarantinePolicy: { status: 'disabled' },
      trustPolicy: { type: 'Notary', status: 'disabled' },
      retentionPolicy: { days: 7, status: 'disabled' },
      exportPolicy: { status: 'enabled' },
      azureADAuthenticationAsArmPolicy: { status: 'enabled' },
      softDeletePolicy: { retentionDays: 7, status: 'disabled' },
    },
  }
}

/** What is not sent stays as it is, also within a policy. */
export function mergedSettings(former: JsonObject, { policies: sent = {}, ...rest }: Settings): JsonObject {
  const known = (former.policies ?? {}) as Readonly<Record<string, JsonObject>>
  const changed = Object.entries(sent).map(([name, policy]): [string, Json] => [name, { ...known[name], ...policy }])
  return { ...former, ...rest, policies: { ...known, ...Object.fromEntries(changed) } }
}

/** 400 for what the SKU does not have, and for policies that exclude each other. */
export function checkSettings(name: Sku, { anonymousPullEnabled, policies: given, publicNetworkAccess }: JsonObject): void {
  const known = given as Readonly<Record<string, JsonObject>>
  const enabled = (policy: string) => known[policy]?.status === 'enabled'
  const unsupported = (what: string) =>
    new ArmError(
      400,
      'SkuNotSupported',
      `The ${what} is not supported for the registry SKU ${name}. For more information on SKUs visit https://aka.ms/acr/skus.`,
    )
  if (name !== 'Premium' && enabled('retentionPolicy')) throw unsupported('retention policy')
  if (name !== 'Premium' && publicNetworkAccess === 'Disabled') throw unsupported('property publicNetworkAccess')
  if (name === 'Basic' && anonymousPullEnabled === true) throw unsupported('property anonymousPullEnabled')
  if (enabled('retentionPolicy') && enabled('softDeletePolicy'))
    throw new ArmError(400, 'PolicyConflict', 'The soft delete policy and the retention policy cannot be enabled at the same time.')
}
