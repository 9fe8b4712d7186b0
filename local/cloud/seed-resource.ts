import type { Arm, ArmRequest } from './arm/arm.ts'
import { finishOperation } from './arm/finish-operation.ts'
import { parseResourceId } from './arm/resource-id.ts'
import { writeResource } from './arm/write-resource.ts'
import type { JsonObject, Resource } from './resource.ts'

/** Writes a resource through its own provider as `principalId` would, and ends at once what takes time. Undefined without a provider for it. */
export function seedResource(arm: Arm, id: string, body: JsonObject, principalId: string): Resource | undefined {
  const parsed = parseResourceId(id)
  const known = parsed && arm.registry.type(parsed.type)
  const caller = arm.azure.directory.byObjectId(principalId)
  const apiVersion = known?.definition.apiVersions[0]
  if (!parsed || !known || !caller || !apiVersion) return undefined
  const request: ArmRequest = {
    method: 'PUT',
    path: id,
    query: new URLSearchParams(),
    apiVersion,
    headers: new Headers(),
    body,
    caller,
    origin: 'https://management.azure.com',
  }
  writeResource(arm, request, known, parsed, undefined)
  for (const operation of arm.operations.running(id)) {
    arm.azure.disarm(`operation ${operation.id}`)
    finishOperation(arm, operation.id)
  }
  return arm.azure.resources.get(id)
}
