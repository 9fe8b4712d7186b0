import { isType } from '../binding.ts'
import type { LoadedFunction, Runtime } from '../runtime.ts'
import type { Replay } from './episode.ts'
import { orchestrationTrigger } from './orchestration-trigger.ts'
import { failed, parseFailure, parseResult } from './orchestrator-result.ts'

/** Finds the app's functions of one trigger type by name, whatever its case. */
export function functionsOf(runtime: Runtime, trigger: string): (name: string) => LoadedFunction | undefined {
  const found = new Map<string, LoadedFunction>()
  for (const fn of runtime.functions.values()) if (isType(fn.trigger, trigger) && !fn.disabled) found.set(fn.name.toLowerCase(), fn)
  return (name) => found.get(name.toLowerCase())
}

/** Runs orchestrator functions of the app. */
export function replayer(runtime: Runtime): Replay {
  const orchestrator = functionsOf(runtime, 'orchestrationTrigger')
  return async (instance, history) => {
    const fn = orchestrator(instance.name)
    if (!fn) return failed(`The function '${instance.name}' doesn't exist, is disabled, or is not an orchestrator function.`)
    try {
      const { returnValue } = await runtime.invoke(fn, { trigger: orchestrationTrigger(instance, history) })
      return parseResult(returnValue)
    } catch (error) {
      return parseFailure(error)
    }
  }
}
