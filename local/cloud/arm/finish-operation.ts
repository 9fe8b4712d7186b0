import type { Json, Resource } from '../resource.ts'
import type { Arm } from './arm.ts'
import { ArmError } from './arm-error.ts'
import type { Operation } from './operations.ts'
import type { KnownType } from './registry.ts'
import { dropResource } from './remove-resource.ts'
import { parseResourceId } from './resource-id.ts'

/** What the engine's alarm does when an operation's time is over. */
export function finishOperation(arm: Arm, id: string): void {
  const operation = arm.operations.get(id)
  if (operation?.status !== 'InProgress') return
  const known = arm.registry.type(parseResourceId(operation.resourceId)?.type ?? '')
  const resource = arm.azure.resources.get(operation.resourceId)
  if (!known || !resource) {
    arm.operations.end(id, { status: operation.verb === 'remove' ? 'Succeeded' : 'Canceled' })
    return
  }
  // Overtaken by a deletion, which is never stopped by what went on before it.
  if (operation.verb !== 'remove' && resource.provisioningState === 'Deleting') {
    arm.operations.end(id, {
      status: 'Canceled',
      error: { code: 'OperationPreempted', message: 'Operation execution has been preempted by a more recent operation.' },
    })
    return
  }
  try {
    if (operation.failWith) throw new ArmError(409, String(operation.failWith.code), String(operation.failWith.message))
    // A change of its own: what a hook did before it threw is undone, the failure itself is kept.
    const result = arm.azure.change(() => finish(arm, known, operation, resource))
    arm.operations.end(id, { status: 'Succeeded', result })
  } catch (error) {
    const failure =
      error instanceof ArmError
        ? error
        : new ArmError(500, 'InternalServerError', `The simulator failed: ${error instanceof Error ? error.message : error}`)
    if (!(error instanceof ArmError))
      arm.azure.log(`operation ${id} on ${operation.resourceId}: ${error instanceof Error ? error.stack : error}`)
    if (operation.verb === 'action') known.definition.actions?.[operation.action ?? '']?.failed?.(arm.azure, resource, operation.input)
    else arm.azure.resources.put({ ...resource, provisioningState: 'Failed' })
    arm.operations.end(id, { status: 'Failed', error: failure.toDetail() })
  }
}

function finish(arm: Arm, { definition }: KnownType, operation: Operation, resource: Resource): Json | undefined {
  const { azure } = arm
  switch (operation.verb) {
    case 'write': {
      const finished = definition.finishWrite?.(azure, resource, operation.input) ?? resource
      azure.resources.put({ ...finished, provisioningState: 'Succeeded' })
      return undefined
    }
    case 'remove':
      dropResource(arm, resource, operation.input)
      return undefined
    case 'action':
      return definition.actions?.[operation.action ?? '']?.finish?.(azure, resource, operation.input)
  }
}
