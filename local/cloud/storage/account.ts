import { z } from 'zod'
import { ArmError } from '../arm/arm-error.ts'
import { parseBody } from '../arm/request-body.ts'
import { parseResourceId } from '../arm/resource-id.ts'
import { defaultView } from '../arm/view.ts'
import type { Azure } from '../azure.ts'
import type { Call, Endpoint, ResourceType, Written } from '../provider.ts'
import type { JsonObject, Resource } from '../resource.ts'
import { keysOf, listKeys, newKeys, regenerateKey } from './account-key.ts'
import { blobServiceDraft } from './blob-service.ts'
import { deleteBlobsOfAccount } from './blob-store.ts'
import { API_VERSIONS, STORAGE_ACCOUNT } from './resource-types.ts'

const SKUS = [
  'Standard_LRS',
  'Standard_GRS',
  'Standard_RAGRS',
  'Standard_ZRS',
  'Standard_GZRS',
  'Standard_RAGZRS',
  'Premium_LRS',
  'Premium_ZRS',
] as const

const settings = z.object({
  accessTier: z.enum(['Hot', 'Cool', 'Cold', 'Premium']).optional(),
  minimumTlsVersion: z.enum(['TLS1_0', 'TLS1_1', 'TLS1_2', 'TLS1_3']).optional(),
  allowBlobPublicAccess: z.boolean().optional(),
  allowSharedKeyAccess: z.boolean().optional(),
  supportsHttpsTrafficOnly: z.boolean().optional(),
  isHnsEnabled: z.boolean().optional(),
  publicNetworkAccess: z.enum(['Enabled', 'Disabled']).optional(),
})

const accountBody = z.object({
  sku: z.object({ name: z.enum(SKUS) }),
  kind: z.enum(['Storage', 'StorageV2', 'BlobStorage', 'BlockBlobStorage', 'FileStorage']),
  properties: settings.prefault({}),
})

const accountPatch = z.object({
  sku: accountBody.shape.sku.optional(),
  kind: accountBody.shape.kind.optional(),
  properties: settings.prefault({}),
  tags: z.record(z.string().max(512), z.string().max(256)).optional(),
})

const NAME = /^[a-z0-9]{3,24}$/

const SERVICES = ['blob', 'dfs', 'file', 'queue', 'table', 'web'] as const

const invalidName = (name: string) =>
  `${name} is not a valid storage account name. Storage account name must be between 3 and 24 characters in length and use numbers and lower-case letters only.`
const takenName = (name: string) => `The storage account named ${name} is already taken.`

/** Names are host names: unique in all of Azure. */
export function accountNamed(azure: Azure, name: string): Resource | undefined {
  return azure.resources.ofType(STORAGE_ACCOUNT).find((account) => account.name === name)
}

function assertNameFree({ azure, id }: Call): void {
  if (!NAME.test(id.name)) throw new ArmError(400, 'AccountNameInvalid', invalidName(id.name), { target: id.name })
  const other = accountNamed(azure, id.name)
  if (!other) return
  if (parseResourceId(other.id)?.subscriptionId === id.subscriptionId)
    throw new ArmError(
      409,
      'StorageAccountInAnotherResourceGroup',
      `The account ${id.name} is already in another resource group in this subscription.`,
    )
  throw new ArmError(409, 'StorageAccountAlreadyTaken', takenName(id.name), { target: id.name })
}

function sku(name: string): JsonObject {
  return { name, tier: name.split('_')[0] }
}

function create(call: Call): Written {
  const { azure, id } = call
  const { sku: wanted, kind, properties } = parseBody(accountBody, call)
  assertNameFree(call)
  azure.resources.put(blobServiceDraft(id.id, {}))
  return {
    properties: {
      accessTier: 'Hot',
      minimumTlsVersion: 'TLS1_0',
      allowBlobPublicAccess: false,
      allowSharedKeyAccess: true,
      supportsHttpsTrafficOnly: true,
      publicNetworkAccess: 'Enabled',
      ...properties,
    },
    envelope: { sku: sku(wanted.name), kind },
    hidden: { keys: newKeys(azure) },
    takes: 'storageAccount.create',
  }
}

function update(call: Call, existing: Resource): Written {
  const { sku: wanted, kind, properties, tags } = parseBody(accountPatch, call)
  return {
    properties: { ...existing.properties, ...properties },
    envelope: { sku: wanted ? sku(wanted.name) : existing.envelope.sku, kind: kind ?? existing.envelope.kind },
    ...(tags ? { tags } : {}),
  }
}

function view(_: Azure, account: Resource): JsonObject {
  const created = new Date(account.createdAt).toISOString()
  const encryption = { keyType: 'Account', enabled: true, lastEnabledTime: created }
  const keys = Object.entries(keysOf(account)).map(([name, key]) => [name, key?.creationTime])
  const body = defaultView(account)
  return {
    ...body,
    properties: {
      ...account.properties,
      keyCreationTime: Object.fromEntries(keys),
      networkAcls: { bypass: 'AzureServices', virtualNetworkRules: [], ipRules: [], defaultAction: 'Allow' },
      encryption: { services: { blob: encryption, file: encryption }, keySource: 'Microsoft.Storage' },
      provisioningState: account.provisioningState,
      creationTime: created,
      primaryEndpoints: Object.fromEntries(SERVICES.map((service) => [service, `https://${account.name}.${service}.core.windows.net/`])),
      primaryLocation: account.location,
      statusOfPrimary: 'available',
      privateEndpointConnections: [],
    },
  }
}

export const storageAccounts: ResourceType = {
  type: 'storageAccounts',
  apiVersions: API_VERSIONS,
  tracked: true,
  // Names are judged in `create`, in Storage's own words.
  namePattern: /^/,
  polling: 'location',
  write: (call, existing) => (existing ? update(call, existing) : create(call)),
  patch: update,
  remove: () => ({}),
  finishRemove: (azure, account) => deleteBlobsOfAccount(azure, account.name),
  actions: { listKeys, regenerateKey },
  busy() {
    throw new ArmError(
      409,
      'StorageAccountOperationInProgress',
      'An operation is currently performing on this storage account that requires exclusive access.',
    )
  },
  view,
}

/** `POST …/providers/Microsoft.Storage/checkNameAvailability` */
export const checkNameAvailability: Endpoint = {
  method: 'POST',
  path: '/subscriptions/{subscriptionId}/providers/Microsoft.Storage/checkNameAvailability',
  apiVersions: API_VERSIONS,
  action: 'Microsoft.Storage/checknameavailability/read',
  handle(call) {
    const { name } = parseBody(z.object({ name: z.string().max(100), type: z.literal(STORAGE_ACCOUNT) }), call)
    if (!NAME.test(name)) return { body: { nameAvailable: false, reason: 'AccountNameInvalid', message: invalidName(name) } }
    if (accountNamed(call.azure, name)) return { body: { nameAvailable: false, reason: 'AlreadyExists', message: takenName(name) } }
    return { body: { nameAvailable: true } }
  },
}
