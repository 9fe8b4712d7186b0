import type { Call, ResourceType, RunningOperation } from '../provider.ts'
import type { Resource } from '../resource.ts'
import type { Arm, ArmRequest } from './arm.ts'
import { ArmError } from './arm-error.ts'
import type { ResourceId } from './resource-id.ts'

/** The request as a type's handlers see it. */
export function callOf(arm: Arm, request: ArmRequest, id: ResourceId, fault: Call['fault']): Call {
  const { method, body, query, apiVersion, caller } = request
  return { azure: arm.azure, method, id, body, query, apiVersion, caller, fault }
}

/** Throws in the provider's own words, or Network's, when something else is under way on the resource. */
export function requireIdle(arm: Arm, definition: ResourceType, call: Call, existing: Resource | undefined): void {
  const running = existing ? arm.operations.running(existing.id) : []
  if (running.length === 0) return
  if (definition.busy) definition.busy(call, running)
  else throw operationInProgress(running)
}

function operationInProgress(running: readonly RunningOperation[]): ArmError {
  const operation = running[0]
  return new ArmError(
    409,
    'AnotherOperationInProgress',
    `Another operation on this or dependent resource is in progress. To retrieve status of the operation use uri: https://management.azure.com/operations/${operation?.id}.`,
  )
}

export function methodNotAllowed(call: { method: string; id: ResourceId }): ArmError {
  return new ArmError(405, 'HttpMethodNotAllowed', `The HTTP method '${call.method}' is not supported at scope '${call.id.id}'.`)
}
