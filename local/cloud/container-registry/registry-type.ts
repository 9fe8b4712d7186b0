import { ArmError } from '../arm/arm-error.ts'
import { parseBody } from '../arm/request-body.ts'
import { defaultView } from '../arm/view.ts'
import type { Azure } from '../azure.ts'
import type { Call, ResourceType, Written } from '../provider.ts'
import type { JsonObject, Resource } from '../resource.ts'
import { listCredentials, newHidden, regenerateCredential } from './credentials.ts'
import { removeContents } from './open-registries.ts'
import { API_VERSIONS, loginServer, registryNamed, skuOf } from './registry.ts'
import { announceResource } from './registry-events.ts'
import { checkSettings, defaultSettings, mergedSettings, registryBody, registryPatch } from './registry-settings.ts'
import { generateCredentials } from './registry-tokens.ts'
import { listUsages } from './usages.ts'

function requireFreeName({ azure, id }: Call): void {
  if (registryNamed(azure, id.name))
    throw new ArmError(409, 'AlreadyInUse', `The registry DNS name ${id.name.toLowerCase()}.azurecr.io is already in use.`)
}

function write(call: Call, existing: Resource | undefined): Written {
  const { sku, properties } = parseBody(registryBody, call)
  if (!existing) requireFreeName(call)
  const settings = mergedSettings(existing?.properties ?? defaultSettings(), properties)
  checkSettings(sku.name, settings)
  if (existing) announceResource(call.azure, existing, 'Write')
  return {
    envelope: { sku: { name: sku.name, tier: sku.name } },
    properties: stamped(call, settings, existing),
    ...(!existing && { hidden: newHidden(call.azure), takes: 'containerRegistry.create' as const }),
  }
}

function patch(call: Call, existing: Resource): Written {
  const { sku = { name: skuOf(existing) }, properties, tags } = parseBody(registryPatch, call)
  const settings = mergedSettings(existing.properties, properties)
  checkSettings(sku.name, settings)
  announceResource(call.azure, existing, 'Write')
  return {
    envelope: { sku: { name: sku.name, tier: sku.name } },
    properties: stamped(call, settings, existing),
    ...(tags && { tags }),
  }
}

/** Policies say when they were last changed. */
function stamped({ azure, id }: Call, settings: JsonObject, existing: Resource | undefined): JsonObject {
  const now = new Date(azure.clock.now()).toISOString()
  const former = (existing?.properties.policies ?? {}) as Readonly<Record<string, JsonObject>>
  const policies = Object.entries((settings.policies ?? {}) as Readonly<Record<string, JsonObject>>).map(([name, policy]) => {
    if (policy.days === undefined && policy.retentionDays === undefined) return [name, policy]
    const before = former[name]
    const same = before?.status === policy.status && before?.days === policy.days && before?.retentionDays === policy.retentionDays
    return [name, { ...policy, lastUpdatedTime: same ? before?.lastUpdatedTime : now }]
  })
  const creationDate = existing ? new Date(existing.createdAt).toISOString() : now
  return { ...settings, loginServer: loginServer(id), creationDate, policies: Object.fromEntries(policies) }
}

/** Privately linked endpoints and replications are not simulated: the lists are there and empty. */
function view(_: Azure, registry: Resource): JsonObject {
  const body = defaultView(registry)
  return {
    ...body,
    properties: {
      ...(body.properties as JsonObject),
      encryption: { status: 'disabled' },
      dataEndpointEnabled: false,
      dataEndpointHostNames: [],
      privateEndpointConnections: [],
      zoneRedundancy: 'Disabled',
    },
  }
}

export const registries: ResourceType = {
  type: 'registries',
  apiVersions: API_VERSIONS,
  tracked: true,
  namePattern: /^[a-zA-Z0-9]{5,50}$/,
  write,
  patch,
  finishWrite(azure, registry) {
    announceResource(azure, registry, 'Write')
    return registry
  },
  remove: () => ({}),
  finishRemove(azure, registry) {
    removeContents(azure, registry)
    announceResource(azure, registry, 'Delete')
  },
  actions: { listCredentials, regenerateCredential, generateCredentials, listUsages },
  view,
}
