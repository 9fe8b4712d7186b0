import { durableExtension } from './durable/extension.ts'
import { eventGridExtension } from './event-grid.ts'
import type { Extension, HostContext } from './extension.ts'
import { queuesExtension } from './queues/queues.ts'
import { timersExtension } from './timers/timers.ts'

type Factory = (context: HostContext) => Extension

/**
 * Which extension serves which bindings (types in lower case); HTTP is the host's own. In the order of their start, and they stop in
 * reverse: messages and timers start orchestrations, so the task hub is there first and leaves last.
 */
const FACTORIES: readonly (readonly [Factory, readonly string[]])[] = [
  [durableExtension, ['orchestrationtrigger', 'activitytrigger', 'durableclient']],
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
