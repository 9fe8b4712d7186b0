import { eventGridExtension } from './event-grid.ts'
import type { Extension, HostContext } from './extension.ts'
import { queuesExtension } from './queues/queues.ts'
import { timersExtension } from './timers/timers.ts'

type Factory = (context: HostContext) => Extension

/** Which extension serves which bindings (types in lower case); HTTP is the host's own. Order of start; they stop in reverse. */
const FACTORIES: readonly (readonly [Factory, readonly string[]])[] = [
  [eventGridExtension, ['eventgridtrigger']],
  [queuesExtension, ['queuetrigger', 'queue']],
  [timersExtension, ['timertrigger']],
]

/** The extensions that the app has a use for. */
export function createExtensions(context: HostContext): Extension[] {
  const used = new Set<string>()
  for (const { bindings } of context.runtime.functions.values()) {
    for (const { type } of Object.values(bindings)) used.add(type.toLowerCase())
  }
  return FACTORIES.filter(([, types]) => types.some((type) => used.has(type))).map(([create]) => create(context))
}
