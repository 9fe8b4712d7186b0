import { pollingHeaders, retryAfter, viewOf } from './answers.ts'
import type { Arm, ArmRequest, ArmResponse } from './arm.ts'
import { ArmError } from './arm-error.ts'
import type { Operation } from './operations.ts'
import { parseResourceId } from './resource-id.ts'

export interface Poll {
  readonly subscriptionId: string
  readonly operationId: string
  /** The operation's Location is asked for its result, Azure-AsyncOperation for its status. */
  readonly asks: 'status' | 'result'
}

/** Undefined when the path is none that pollingHeaders gives out. */
export function parsePoll(path: string): Poll | undefined {
  const found = /^\/subscriptions\/([^/]+)\/providers\/[^/]+\/locations\/[^/]+\/(operations|operationresults)\/([^/]+)$/i.exec(path)
  if (!found) return undefined
  return {
    subscriptionId: found[1] ?? '',
    operationId: found[3] ?? '',
    asks: found[2]?.toLowerCase() === 'operations' ? 'status' : 'result',
  }
}

export function answerPoll(arm: Arm, request: ArmRequest, poll: Poll): ArmResponse {
  const operation = arm.operations.get(poll.operationId)
  if (!operation || operation.subscriptionId.toLowerCase() !== poll.subscriptionId.toLowerCase())
    throw new ArmError(404, 'ResourceNotFound', `The entity was not found: operation '${poll.operationId.slice(0, 100)}'.`)
  return poll.asks === 'status' ? status(arm, operation) : result(arm, request, operation)
}

function status({ azure }: Arm, operation: Operation): ArmResponse {
  return {
    status: 200,
    body: {
      name: operation.id,
      status: operation.status,
      startTime: new Date(operation.startedAt).toISOString(),
      endTime: operation.endedAt === undefined ? undefined : new Date(operation.endedAt).toISOString(),
      properties: operation.result === undefined ? undefined : { output: operation.result },
      error: operation.error,
    },
    headers: operation.status === 'InProgress' ? { 'Retry-After': retryAfter(azure) } : {},
  }
}

function result({ azure, registry }: Arm, request: ArmRequest, operation: Operation): ArmResponse {
  if (operation.status === 'InProgress') return { status: 202, headers: pollingHeaders(azure, request, operation) }
  if (operation.status !== 'Succeeded')
    throw new ArmError(
      operation.status === 'Failed' ? 409 : 410,
      String(operation.error?.code ?? 'OperationPreempted'),
      String(operation.error?.message ?? 'The operation was preempted by a more recent operation.'),
    )
  if (operation.result !== undefined) return { status: 200, body: operation.result }
  const resource = operation.verb === 'write' ? azure.resources.get(operation.resourceId) : undefined
  const known = registry.type(parseResourceId(operation.resourceId)?.type ?? '')
  if (resource && known) return { status: 200, body: viewOf(azure, known, resource) }
  return { status: operation.verb === 'action' ? 200 : 204 }
}
