import { armId, groupId } from '../../azure/arm-id.ts'
import type { ScopedRole } from '../../azure/cluster-role.ts'
import { containerRegistry } from '../../azure/container-registry.ts'
import { storageAccount } from '../../azure/storage-account.ts'
import { userAssignedIdentity } from '../../azure/user-assigned-identity.ts'
import type { PlanStep } from '../../clusters/plan-step.ts'
import { type Plan, parallel, sequence } from '../../operations/plan.ts'
import { makeAssignment, makeIdentity, makeRegistry, makeRole, makeStorageAccount, registerProvider } from './steps.ts'

/** What Azure was seen to lack. */
export interface Missing {
  /** Namespaces that are not registered. */
  readonly providers: readonly string[]
  readonly identity: boolean
  readonly storageAccount: boolean
  readonly registry: boolean
  /** The identity's permissions. */
  readonly grant: boolean
}

export interface Site {
  readonly subscriptionId: string
  readonly resourceGroup: string
  readonly location: string
  readonly identity: string
  readonly storageAccount: string
  readonly registry?: string
  readonly role: ScopedRole
}

export const siteIds = ({
  subscriptionId,
  resourceGroup,
  identity,
  storageAccount: storage,
  registry,
}: Omit<Site, 'role' | 'location'>) => {
  const here = (type: string, name: string) => armId(subscriptionId, resourceGroup, type, name)
  return {
    group: groupId(subscriptionId, resourceGroup),
    identity: here(userAssignedIdentity.type, identity),
    storageAccount: here(storageAccount.type, storage),
    ...(registry !== undefined && { registry: here(containerRegistry.type, registry) }),
  }
}

export function planProviders(step: PlanStep, namespaces: readonly string[]): Plan {
  return parallel('register resource providers', ...namespaces.map((namespace) => step(registerProvider, namespace, { namespace })))
}

/** What is missing of what every cluster is given; what is there is not in the plan. */
export function planSetup(step: PlanStep, site: Site, missing: Missing): Plan {
  const ids = siteIds(site)
  const model = { location: site.location }
  const make = parallel(
    'make what clusters are given',
    ...(missing.identity ? [step(makeIdentity, site.identity, { id: ids.identity, model })] : []),
    ...(missing.storageAccount ? [step(makeStorageAccount, site.storageAccount, { id: ids.storageAccount, model })] : []),
    ...(missing.registry && ids.registry ? [step(makeRegistry, site.registry ?? '', { id: ids.registry, model })] : []),
  )
  const { role } = site
  const grant = [step(makeRole, site.resourceGroup, role), step(makeAssignment, site.identity, { identity: ids.identity, role })]
  return sequence(
    `prepare the resource group ${site.resourceGroup} for clusters`,
    ...(missing.providers.length > 0 ? [planProviders(step, missing.providers)] : []),
    ...(make.nodes.length > 0 ? [make] : []),
    ...(missing.grant ? [sequence("give the clusters' identity its role", ...grant)] : []),
  )
}
