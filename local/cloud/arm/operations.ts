import { type Azure, ENGINE } from '../azure.ts'
import type { Latency } from '../latencies.ts'
import type { RunningOperation } from '../provider.ts'
import type { Json, JsonObject } from '../resource.ts'
import type { State } from '../state.ts'

/** How long the result of an ended operation is kept, in seconds of real time. */
const KEPT_FOR = 15 * 60

/** A long-running operation as it lies in the journal. */
export interface Operation extends RunningOperation {
  readonly subscriptionId: string
  readonly namespace: string
  readonly location: string
  readonly apiVersion: string
  readonly polling: 'azure-async' | 'location'
  /** Action of RBAC, also for the fault plan. */
  readonly rbacAction: string
  readonly input: JsonObject
  readonly status: 'InProgress' | 'Succeeded' | 'Failed' | 'Canceled'
  /** Milliseconds since 1970. */
  readonly startedAt: number
  readonly endedAt?: number
  /** What the fault plan lets it end with. */
  readonly failWith?: JsonObject
  readonly error?: JsonObject
  readonly result?: Json
}

export interface Operations {
  get(id: string): Operation | undefined
  /** Those that run on the resource, or on anything under it with `nested`. */
  running(resourceId: string, options?: { nested?: boolean }): Operation[]
  begin(draft: Omit<Operation, 'id' | 'status' | 'startedAt' | 'failWith'>, takes: Latency): Operation
  end(id: string, outcome: { status: 'Succeeded' | 'Failed' | 'Canceled'; error?: JsonObject; result?: Json | undefined }): void
  forget(id: string): void
}

/** Operations live in the state; the engine's alarms `finish` and `forget` move them on. */
export function operationsOf(state: State, azure: Azure): Operations {
  const all = state.table('operations')
  const running = state.table('operations.running')
  const get = (id: string) => all.get(id) as unknown as Operation | undefined
  const runningKey = (operation: Operation) => `${operation.resourceId.toLowerCase()}|${operation.id}`

  return {
    get,
    running(resourceId, options) {
      const found: Operation[] = []
      const own = `${resourceId.toLowerCase()}|`
      const nested = `${resourceId.toLowerCase()}/`
      for (const [key] of running.entries()) {
        const operation =
          key.startsWith(own) || (options?.nested && key.startsWith(nested)) ? get(key.slice(key.lastIndexOf('|') + 1)) : undefined
        if (operation) found.push(operation)
      }
      return found
    },
    begin(draft, takes) {
      const at = { operation: draft.rbacAction, path: draft.resourceId }
      const failure = azure.strikes('fail', at)
      const stuck = azure.strikes('stuck', at)
      const operation: Operation = {
        ...draft,
        id: azure.uuid(),
        status: 'InProgress',
        startedAt: azure.clock.now(),
        ...(failure && {
          failWith: {
            code: failure.code ?? 'InternalExecutionError',
            message: failure.message ?? 'An internal execution error occurred. Please retry later.',
          },
        }),
      }
      all.put(operation.id, operation as unknown as JsonObject)
      running.put(runningKey(operation), {})
      if (!stuck)
        azure.arm({
          key: `operation ${operation.id}`,
          inSeconds: azure.seconds(takes),
          provider: ENGINE,
          run: 'finish',
          input: { id: operation.id },
        })
      return operation
    },
    end(id, { result, ...outcome }) {
      const operation = get(id)
      if (operation?.status !== 'InProgress') return
      const ended = { ...operation, ...outcome, ...(result !== undefined && { result }), endedAt: azure.clock.now() }
      all.put(id, ended as unknown as JsonObject)
      running.delete(runningKey(operation))
      azure.arm({ key: `operation ${id}`, inSeconds: KEPT_FOR * azure.speed, provider: ENGINE, run: 'forget', input: { id } })
    },
    forget: (id) => all.delete(id),
  }
}
