import type { AzureClients } from '../azure/clients.ts'
import { identityActions } from '../permissions/cluster-identity.ts'
import { neededActions } from '../permissions/control-plane-role.ts'
import { featuresOf } from './cluster-features.ts'
import type { Finding } from './finding.ts'
import { usersIn } from './own-permissions.ts'
import type { PreflightCheck } from './site.ts'

/** Resource providers that actions belong to. */
export function namespacesOf(actions: readonly string[]): readonly string[] {
  const namespaces = new Set(actions.map((action) => action.slice(0, action.indexOf('/'))))
  // Those two are always registered.
  return [...namespaces].filter((namespace) => !/^Microsoft\.(Resources|Authorization)$/.test(namespace)).sort()
}

/** A subscription in which nobody has made anything of a kind refuses to make the first one until its provider is registered. */
export const providers: PreflightCheck = {
  kind: 'preflight.providers',
  check: 'providers',
  feature: 'preflight',
  permissions: ['Microsoft.Resources/subscriptions/providers/read'],
  async look({ clients, cluster, plan }) {
    const chosen = featuresOf(cluster)
    const actions = [...neededActions(usersIn([plan]), chosen).actions, ...identityActions(chosen).actions]
    return unregistered(clients, namespacesOf(actions), cluster.accountId)
  },
}

export async function unregistered(
  { resources }: AzureClients,
  namespaces: readonly string[],
  accountId: string,
): Promise<readonly Finding[]> {
  const found = await Promise.all(
    namespaces.map(async (namespace): Promise<readonly Finding[]> => {
      const { registrationState } = await resources.providers.get(namespace)
      if (registrationState === 'Registered') return []
      return [
        {
          check: 'providers',
          severity: 'error',
          message: `The resource provider ${namespace} is ${registrationState ?? 'not registered'} in the subscription.`,
          remedy: `az provider register --namespace ${namespace} --wait, or let the app do it: POST /api/accounts/${accountId}/providers`,
        },
      ]
    }),
  )
  return found.flat()
}
