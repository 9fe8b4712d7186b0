import type { Endpoint, Provider, ResourceType } from '../provider.ts'

export interface KnownType {
  readonly provider: Provider
  readonly definition: ResourceType
  /** `Microsoft.Network/virtualNetworks/subnets` in canonical spelling; RBAC actions are built on it. */
  readonly type: string
}

interface KnownEndpoint {
  readonly endpoint: Endpoint
  /** Named values of a path that fits. */
  match(path: string): Readonly<Record<string, string>> | undefined
}

/** All providers' types and endpoints, found without regard to case. */
export interface Registry {
  readonly providers: readonly Provider[]
  provider(namespace: string): Provider | undefined
  type(fullType: string): KnownType | undefined
  endpoint(method: string, path: string): { endpoint: Endpoint; params: Readonly<Record<string, string>> } | undefined
}

export function registryOf(providers: readonly Provider[]): Registry {
  const byNamespace = new Map<string, Provider>()
  const types = new Map<string, KnownType>()
  const endpoints: KnownEndpoint[] = []
  for (const provider of providers) {
    byNamespace.set(provider.namespace.toLowerCase(), provider)
    for (const definition of provider.resourceTypes) {
      const type = `${provider.namespace}/${definition.type}`
      types.set(type.toLowerCase(), { provider, definition, type })
    }
    for (const endpoint of provider.endpoints ?? []) endpoints.push({ endpoint, match: pathMatcher(endpoint.path) })
  }
  return {
    providers,
    provider: (namespace) => byNamespace.get(namespace.toLowerCase()),
    type: (fullType) => types.get(fullType.toLowerCase()),
    endpoint(method, path) {
      for (const { endpoint, match } of endpoints) {
        if (endpoint.method !== method) continue
        const params = match(path)
        if (params) return { endpoint, params }
      }
      return undefined
    },
  }
}

/** `{name}` takes one segment; a leading `{name*}` any number of them, with its slash, or none. */
function pathMatcher(template: string): KnownEndpoint['match'] {
  const names: string[] = []
  const source = template.replace(/[.+?^$()|[\]\\]/g, '\\$&').replace(/\{(\w+)(\*?)\}/g, (_, name: string, many: string) => {
    names.push(name)
    return many ? '((?:/[^/]+)*?)' : '([^/]+)'
  })
  const pattern = new RegExp(`^${source}/?$`, 'i')
  return (path) => {
    const found = pattern.exec(path)
    return found ? Object.fromEntries(names.map((name, index) => [name, found[index + 1] ?? ''])) : undefined
  }
}
