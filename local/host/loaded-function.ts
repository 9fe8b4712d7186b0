import { type Binding, isTrigger, type RetryOptions } from './binding.ts'
import type { CoreRetryOptions, FunctionMetadata } from './core-api.ts'
import type { LoadedFunction } from './runtime.ts'
import { StartError } from './start-error.ts'

/** Bindings that some extension of this host serves, in lower case. */
const SUPPORTED: ReadonlySet<string> = new Set([
  'httptrigger',
  'http',
  'timertrigger',
  'queuetrigger',
  'queue',
  'eventgridtrigger',
  'warmuptrigger',
  'orchestrationtrigger',
  'activitytrigger',
  'durableclient',
])

/** What the app registered, as the host uses it: settings filled in, switched off where a setting says so. */
export function loadedFunction(metadata: FunctionMetadata, settings: Readonly<Record<string, string>>): LoadedFunction {
  const bindings: Record<string, Binding> = {}
  for (const [key, binding] of Object.entries(metadata.bindings)) {
    if (!SUPPORTED.has(binding.type.toLowerCase())) {
      throw new StartError(
        'binding-unsupported',
        `Function ${metadata.name} uses a binding of type ${binding.type}: not supported by the embedded host.`,
      )
    }
    bindings[key] = resolveSettings(metadata.name, binding, settings)
  }
  const trigger = Object.values(bindings).find(isTrigger)
  if (!trigger) throw new StartError('app-failed', `Function ${metadata.name} has no trigger.`)
  const retryOptions = metadata.retryOptions && toRetryOptions(metadata.retryOptions)
  return {
    name: metadata.name,
    bindings,
    trigger,
    ...(retryOptions && { retryOptions }),
    disabled: isDisabled(metadata.name, settings),
  }
}

/** `%name%` in a text option stands for the setting of this name. */
function resolveSettings(fn: string, binding: Binding, settings: Readonly<Record<string, string>>): Binding {
  const resolved: Record<string, unknown> = {}
  for (const [option, value] of Object.entries(binding)) {
    resolved[option] =
      typeof value === 'string'
        ? value.replace(/%([^%]+)%/g, (_, name: string) => {
            const setting = settings[name]
            if (setting === undefined) {
              throw new StartError('setting-missing', `Function ${fn}: ${option} names the setting %${name}%, which does not exist.`)
            }
            return setting
          })
        : value
  }
  return { ...binding, ...resolved }
}

/** `.` may be written `__`, for shells that allow no dot in a name. */
function isDisabled(fn: string, settings: Readonly<Record<string, string>>): boolean {
  const setting = settings[`AzureWebJobs.${fn}.Disabled`] ?? settings[`AzureWebJobs__${fn}__Disabled`]
  return /^(true|1)$/i.test(setting ?? '')
}

function toRetryOptions(options: CoreRetryOptions): RetryOptions {
  const { maxRetryCount } = options
  const milliseconds = (duration: { seconds: number } | undefined) => (duration?.seconds ?? 0) * 1000
  return options.retryStrategy === 'exponentialBackoff'
    ? {
        strategy: 'exponentialBackoff',
        maxRetryCount,
        minimumInterval: milliseconds(options.minimumInterval),
        maximumInterval: milliseconds(options.maximumInterval),
      }
    : { strategy: 'fixedDelay', maxRetryCount, delayInterval: milliseconds(options.delayInterval) }
}
