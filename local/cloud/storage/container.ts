import { z } from 'zod'
import { ArmError } from '../arm/arm-error.ts'
import { parseBody } from '../arm/request-body.ts'
import type { Azure } from '../azure.ts'
import type { Call, ResourceType, Written } from '../provider.ts'
import type { JsonObject, Resource } from '../resource.ts'
import { deleteBlobsOfContainer, toEtag } from './blob-store.ts'
import { API_VERSIONS, CONTAINER } from './resource-types.ts'

/** One store: a container made through ARM or through the blob service is the same resource. */

const containerBody = z.object({
  properties: z
    .object({
      publicAccess: z.enum(['None', 'Blob', 'Container']).default('None'),
      metadata: z.record(z.string().max(256), z.string().max(8192)).default({}),
    })
    .prefault({}),
})

export type ContainerProperties = z.infer<typeof containerBody>['properties']

/** Lower-case letters, digits and single hyphens, 3 to 63, or one of the service's own. */
const NAME = /^(?:\$root|\$web|\$logs|[a-z0-9](?:-?[a-z0-9]){2,62})$/

export type NameProblem = 'InvalidResourceName' | 'OutOfRangeInput'

/** Codes of the blob service for a name that cannot be. */
export function nameProblem(name: string): NameProblem | undefined {
  if (name.length < 3 || name.length > 63) return 'OutOfRangeInput'
  return NAME.test(name) ? undefined : 'InvalidResourceName'
}

/** The blob service's sentences; Azure's own slip of spelling included. */
export const NAME_MESSAGES = {
  InvalidResourceName: 'The specifed resource name contains invalid characters.',
  OutOfRangeInput: 'The specified resource name length is not within the permissible limits.',
  ContainerBeingDeleted: 'The specified container is being deleted. Try operation later.',
} as const

export function containerId(accountId: string, name: string): string {
  return `${accountId}/blobServices/default/containers/${name}`
}

export function putContainer(azure: Azure, accountId: string, name: string, properties: ContainerProperties): Resource {
  return azure.resources.put({
    id: containerId(accountId, name),
    type: CONTAINER,
    name,
    provisioningState: 'Succeeded',
    properties,
    envelope: {},
    hidden: {},
  })
}

const deletions = (azure: Azure) => azure.records('storage/deletions')

export function isBeingDeleted(azure: Azure, account: string, name: string): boolean {
  return deletions(azure).get(`${account}/${name}`) !== undefined
}

/** It is gone at once, but its name stays taken for a while. */
export function startDeletion(azure: Azure, account: string, name: string): void {
  const key = `${account}/${name}`
  deleteBlobsOfContainer(azure, account, name)
  deletions(azure).put(key, {})
  azure.arm({
    key: `storage/deletions/${key}`,
    inSeconds: azure.seconds('container.delete'),
    provider: 'Microsoft.Storage',
    run: 'endDeletion',
    input: { key },
  })
}

export function endDeletion(azure: Azure, { key }: JsonObject): void {
  deletions(azure).delete(String(key))
}

function accountName({ id }: Call): string {
  return id.names[0] ?? ''
}

/** ARM hands on what the blob service says under a code of its own. */
function refuse(call: Call, status: number, reason: keyof typeof NAME_MESSAGES): never {
  const suffix = `\nRequestId:${call.azure.uuid()}\nTime:${new Date(call.azure.clock.now()).toISOString()}`
  throw new ArmError(status, 'ContainerOperationFailure', NAME_MESSAGES[reason] + suffix)
}

function write(call: Call, existing: Resource | undefined): Written {
  const { azure, id } = call
  const { properties } = parseBody(containerBody, call)
  const account = azure.resources.get(id.parentId?.split('/blobServices/')[0] ?? '')
  if (account?.provisioningState !== 'Succeeded')
    throw new ArmError(
      409,
      'StorageAccountIsNotProvisioned',
      "The storage account provisioning state must be 'Succeeded' before executing the operation.",
    )
  if (!existing) {
    const problem = nameProblem(id.name)
    if (problem) refuse(call, 400, problem)
    if (isBeingDeleted(azure, account.name, id.name)) refuse(call, 409, 'ContainerBeingDeleted')
  }
  return { properties }
}

export const containers: ResourceType = {
  type: 'storageAccounts/blobServices/containers',
  apiVersions: API_VERSIONS,
  tracked: false,
  // Names are judged in `write`, in Storage's own words.
  namePattern: /^/,
  write,
  patch: (call, existing) => {
    const { properties } = parseBody(z.object({ properties: containerBody.shape.properties.unwrap().partial().prefault({}) }), call)
    return { properties: { ...existing.properties, ...properties } }
  },
  remove: (call, existing) => {
    startDeletion(call.azure, accountName(call), existing.name)
    return {}
  },
  view: (_, container) => ({
    id: container.id,
    name: container.name,
    type: container.type,
    etag: toEtag(container.etag),
    properties: {
      deleted: false,
      remainingRetentionDays: 0,
      defaultEncryptionScope: '$account-encryption-key',
      denyEncryptionScopeOverride: false,
      ...container.properties,
      leaseStatus: 'Unlocked',
      leaseState: 'Available',
      lastModifiedTime: new Date(container.changedAt).toISOString(),
      hasImmutabilityPolicy: false,
      hasLegalHold: false,
    },
  }),
}
