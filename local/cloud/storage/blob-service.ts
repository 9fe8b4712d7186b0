import { z } from 'zod'
import { parseBody } from '../arm/request-body.ts'
import type { ResourceType } from '../provider.ts'
import type { JsonObject, ResourceDraft } from '../resource.ts'
import { API_VERSIONS, BLOB_SERVICE } from './resource-types.ts'

const retention = z.object({ enabled: z.boolean(), days: z.number().int().min(1).max(365).optional() })

const blobServiceBody = z.object({
  properties: z
    .object({
      deleteRetentionPolicy: retention.optional(),
      containerDeleteRetentionPolicy: retention.optional(),
      restorePolicy: retention.optional(),
      isVersioningEnabled: z.boolean().optional(),
      changeFeed: z.object({ enabled: z.boolean(), retentionInDays: z.number().int().optional() }).optional(),
      defaultServiceVersion: z.string().max(20).optional(),
    })
    .prefault({}),
})

/** Every account has one, made with it. */
export function blobServiceDraft(accountId: string, properties: JsonObject): ResourceDraft {
  return {
    id: `${accountId}/blobServices/default`,
    type: BLOB_SERVICE,
    name: 'default',
    provisioningState: 'Succeeded',
    properties,
    envelope: {},
    hidden: {},
  }
}

export const blobServices: ResourceType = {
  type: 'storageAccounts/blobServices',
  apiVersions: API_VERSIONS,
  tracked: false,
  namePattern: /^default$/,
  write: (call) => ({ properties: parseBody(blobServiceBody, call).properties, status: 200 }),
  view: (azure, service) => {
    const accountId = service.id.split('/blobServices/')[0] ?? ''
    return {
      id: service.id,
      name: service.name,
      type: service.type,
      sku: azure.resources.get(accountId)?.envelope.sku,
      properties: { cors: { corsRules: [] }, deleteRetentionPolicy: { enabled: false }, ...service.properties },
    }
  },
}
