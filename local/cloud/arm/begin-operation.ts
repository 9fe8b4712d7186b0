import type { Latency } from '../latencies.ts'
import type { JsonObject, Resource } from '../resource.ts'
import type { Arm, ArmRequest } from './arm.ts'
import type { Operation } from './operations.ts'
import type { KnownType } from './registry.ts'
import { parseResourceId } from './resource-id.ts'

/** What tells an operation on a resource from others; `input` lies in the journal until its end. */
interface Begun extends Pick<Operation, 'verb' | 'action' | 'rbacAction'> {
  readonly input: JsonObject | undefined
}

/** Lets a write, removal or action on `resource` take its time. */
export function beginOperation(
  { operations }: Arm,
  request: ArmRequest,
  known: KnownType,
  resource: Resource,
  { input = {}, ...begun }: Begun,
  takes: Latency,
): Operation {
  const draft = {
    ...begun,
    input,
    resourceId: resource.id,
    subscriptionId: parseResourceId(resource.id)?.subscriptionId ?? '',
    namespace: known.provider.namespace,
    location: resource.location ?? 'global',
    apiVersion: request.apiVersion,
    polling: known.definition.polling ?? 'azure-async',
  }
  return operations.begin(draft, takes)
}
