import type { Provider } from '../provider.ts'
import { registrationAlarms, registrationEndpoints } from './provider-registration.ts'
import { resourceGroups } from './resource-groups.ts'
import { resourceListEndpoints } from './resource-list.ts'
import { subscriptionEndpoints } from './subscriptions.ts'
import { tagEndpoints } from './tags.ts'

/** `all` is asked late: this provider is itself one of the list that it lists. */
export function resourcesProvider(all: () => readonly Provider[]): Provider {
  return {
    namespace: 'Microsoft.Resources',
    resourceTypes: [resourceGroups],
    endpoints: [...subscriptionEndpoints, ...registrationEndpoints(all), ...resourceListEndpoints(all), ...tagEndpoints],
    alarms: registrationAlarms,
  }
}
