import { availableParallelism } from 'node:os'
import { extensionSection } from '../host-json.ts'
import { StartError } from '../start-error.ts'

/** Section `extensions.durableTask` of host.json, as far as this host reads it. */
export interface DurableOptions {
  readonly hubName: string
  readonly maxConcurrentActivityFunctions: number
  readonly maxConcurrentOrchestratorFunctions: number
}

const DEFAULT_HUB = 'TestHubName'

/** @throws StartError for a hub name that storage would not take. `%setting%` stands for the setting's value. */
export function durableOptions(extensions: Readonly<Record<string, unknown>>, settings: Readonly<Record<string, string>>): DurableOptions {
  const section = extensionSection(extensions, 'durableTask')
  const hubName = String(section.hubName ?? DEFAULT_HUB).replace(/%([^%]+)%/g, (_, name: string) => settings[name] ?? '')
  if (!/^[a-z][a-z0-9]{2,44}$/i.test(hubName)) {
    throw new StartError(
      'host-json-broken',
      `host.json: extensions.durableTask.hubName must be 3 to 45 letters and digits and begin with a letter, not "${hubName}".`,
    )
  }
  return {
    hubName,
    maxConcurrentActivityFunctions: limit(section.maxConcurrentActivityFunctions),
    maxConcurrentOrchestratorFunctions: limit(section.maxConcurrentOrchestratorFunctions),
  }
}

/** The official host's default is ten for each core. */
const limit = (value: unknown) => (Number.isInteger(value) && Number(value) > 0 ? Number(value) : 10 * availableParallelism())
