import type { Azure } from '../azure.ts'
import type { JsonObject, Resource } from '../resource.ts'

export const REGISTRY = 'Microsoft.ContainerRegistry/registries'

/** Newest first: those of the SDK and of the Azure CLI's profiles. */
export const API_VERSIONS = [
  '2025-11-01',
  '2025-05-01-preview',
  '2025-04-01',
  '2024-11-01-preview',
  '2023-11-01-preview',
  '2023-08-01-preview',
  '2023-07-01',
  '2023-01-01-preview',
  '2022-12-01',
  '2022-02-01-preview',
  '2021-09-01',
  '2021-08-01-preview',
  '2021-06-01-preview',
  '2020-11-01-preview',
  '2019-12-01-preview',
  '2019-06-01-preview',
  '2019-05-01',
] as const

export type Sku = 'Basic' | 'Standard' | 'Premium'

/** Where registries were found last, by name: every request of the data plane looks for one. */
const places = new WeakMap<Azure, Map<string, string>>()

/** Host names do not know upper and lower case. */
export function registryNamed(azure: Azure, name: string): Resource | undefined {
  const wanted = name.toLowerCase()
  const known = places.get(azure) ?? new Map<string, string>()
  places.set(azure, known)
  const place = known.get(wanted)
  const there = place === undefined ? undefined : azure.resources.get(place)
  if (there) return there
  const found = azure.resources.ofType(REGISTRY).find((registry) => registry.name.toLowerCase() === wanted)
  if (found) known.set(wanted, found.id)
  return found
}

export function loginServer(registry: Pick<Resource, 'name'>): string {
  return `${registry.name.toLowerCase()}.azurecr.io`
}

export function skuOf(registry: Resource): Sku {
  return (registry.envelope.sku as { name: Sku }).name
}

/** Repositories are permissions of their own: legacy roles and wildcards give nothing. */
export function isAbac(registry: Resource): boolean {
  return registry.properties.roleAssignmentMode === 'AbacRepositoryPermissions'
}

/** One of the policies, `{}` when it was never set. */
export function policyOf(registry: Resource, name: string): JsonObject {
  const policies = registry.properties.policies as JsonObject | undefined
  return (policies?.[name] ?? {}) as JsonObject
}
