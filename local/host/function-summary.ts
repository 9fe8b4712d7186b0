import { isType } from './binding.ts'
import { ownRoute } from './http/route-table.ts'
import type { LoadedFunction } from './runtime.ts'

/** What a host tells of one of its functions. */
export interface FunctionSummary {
  readonly name: string
  /** Type of the trigger, e.g. `timerTrigger`. */
  readonly trigger: string
  /** Of HTTP functions: the route template, without and with the prefix (`/api/clusters/{id}`). */
  readonly route?: string
  readonly path?: string
  readonly methods?: readonly string[]
  readonly disabled: boolean
}

export function functionSummary(fn: LoadedFunction, prefix: string): FunctionSummary {
  const { name, disabled, trigger } = fn
  if (!isType(trigger, 'httpTrigger')) return { name, trigger: trigger.type, disabled }
  const route = ownRoute(fn)
  return {
    name,
    trigger: trigger.type,
    route,
    path: `/${[prefix, route].filter(Boolean).join('/')}`,
    ...(Array.isArray(trigger.methods) && { methods: trigger.methods.map(String) }),
    disabled,
  }
}
