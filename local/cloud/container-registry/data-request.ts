import { RegistryError } from './registry-error.ts'

/** What a token's scope must name, within the repository or, for the catalogs, within the registry. */
export type Right =
  | 'catalog'
  | 'deleted_catalog'
  | 'pull'
  | 'push'
  | 'delete'
  | 'metadata_read'
  | 'metadata_write'
  | 'deleted_read'
  | 'deleted_restore'

/** Which of the registry's limits a request counts against. */
export type Category = 'read' | 'write' | 'delete' | 'referrers' | 'oauth'

interface Route {
  readonly method: string
  readonly path: RegExp
  readonly kind: string
  readonly category: Category
  /** undefined: whoever is authenticated, or, for OAuth, anybody. */
  readonly right: Right | undefined
}

function route<K extends string>(method: string, path: RegExp, kind: K, category: Category, right: Right | undefined): Route & { kind: K } {
  return { method, path, kind, category, right }
}

/** The first that fits. `$1` is the repository, `$2` a digest, tag or upload. */
const ROUTES = [
  route('GET', /^\/v2\/?$/, 'ping', 'read', undefined),
  route('POST', /^\/oauth2\/exchange$/, 'exchange', 'oauth', undefined),
  route('POST', /^\/oauth2\/token$/, 'token', 'oauth', undefined),
  route('GET', /^\/oauth2\/token$/, 'token', 'oauth', undefined),
  route('GET', /^\/v2\/_catalog$/, 'listRepositories', 'read', 'catalog'),
  route('GET', /^\/v2\/(.+)\/tags\/list$/, 'listTagNames', 'read', 'metadata_read'),
  route('GET', /^\/v2\/(.+)\/referrers\/([^/]+)$/, 'listReferrers', 'referrers', 'pull'),
  route('GET', /^\/v2\/(.+)\/manifests\/([^/]+)$/, 'pullManifest', 'read', 'pull'),
  route('PUT', /^\/v2\/(.+)\/manifests\/([^/]+)$/, 'pushManifest', 'write', 'push'),
  route('DELETE', /^\/v2\/(.+)\/manifests\/([^/]+)$/, 'deleteManifest', 'delete', 'delete'),
  route('POST', /^\/v2\/(.+)\/blobs\/uploads\/?$/, 'startUpload', 'write', 'push'),
  route('GET', /^\/v2\/(.+)\/blobs\/uploads\/([^/]+)$/, 'readUpload', 'read', 'push'),
  route('PATCH', /^\/v2\/(.+)\/blobs\/uploads\/([^/]+)$/, 'continueUpload', 'write', 'push'),
  route('PUT', /^\/v2\/(.+)\/blobs\/uploads\/([^/]+)$/, 'finishUpload', 'write', 'push'),
  route('DELETE', /^\/v2\/(.+)\/blobs\/uploads\/([^/]+)$/, 'cancelUpload', 'delete', 'push'),
  route('GET', /^\/v2\/(.+)\/blobs\/([^/]+)$/, 'pullBlob', 'read', 'pull'),
  route('GET', /^\/acr\/v1\/_catalog$/, 'listRepositories', 'read', 'catalog'),
  route('GET', /^\/acr\/v1\/_deleted\/_catalog$/, 'listDeletedRepositories', 'read', 'deleted_catalog'),
  route('GET', /^\/acr\/v1\/_deleted\/(.+)\/_manifests$/, 'listDeletedManifests', 'read', 'deleted_read'),
  route('GET', /^\/acr\/v1\/_deleted\/(.+)\/_tags$/, 'listDeletedTags', 'read', 'deleted_read'),
  route('POST', /^\/acr\/v1\/_deleted\/(.+)\/_manifests\/([^/]+)$/, 'restoreManifest', 'write', 'deleted_restore'),
  route('GET', /^\/acr\/v1\/(.+)\/_manifests$/, 'listManifests', 'read', 'metadata_read'),
  route('GET', /^\/acr\/v1\/(.+)\/_manifests\/([^/]+)$/, 'readManifest', 'read', 'metadata_read'),
  route('PATCH', /^\/acr\/v1\/(.+)\/_manifests\/([^/]+)$/, 'changeManifest', 'write', 'metadata_write'),
  route('GET', /^\/acr\/v1\/(.+)\/_tags$/, 'listTags', 'read', 'metadata_read'),
  route('GET', /^\/acr\/v1\/(.+)\/_tags\/([^/]+)$/, 'readTag', 'read', 'metadata_read'),
  route('PATCH', /^\/acr\/v1\/(.+)\/_tags\/([^/]+)$/, 'changeTag', 'write', 'metadata_write'),
  route('DELETE', /^\/acr\/v1\/(.+)\/_tags\/([^/]+)$/, 'deleteTag', 'delete', 'delete'),
  route('GET', /^\/acr\/v1\/(.+)$/, 'readRepository', 'read', 'metadata_read'),
  route('PATCH', /^\/acr\/v1\/(.+)$/, 'changeRepository', 'write', 'metadata_write'),
  route('DELETE', /^\/acr\/v1\/(.+)$/, 'deleteRepository', 'delete', 'delete'),
] as const

export type Kind = (typeof ROUTES)[number]['kind']

export interface DataRequest {
  readonly kind: Kind
  readonly category: Category
  readonly right: Right | undefined
  /** Empty where the path names none. */
  readonly repository: string
  /** Digest, tag or upload id; empty where the path names none. */
  readonly reference: string
}

/** [learn: container-registry-concepts, and the distribution specification] */
const REPOSITORY = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/
const LONGEST_REPOSITORY = 256

/** What a request is about; undefined when it is nothing the registry knows, 400 `NAME_INVALID` for a repository that cannot be. */
export function parseDataRequest(method: string, url: URL): DataRequest | undefined {
  const path = decoded(url.pathname)
  const wanted = method === 'HEAD' ? 'GET' : method
  for (const { method: known, path: pattern, kind, category, right } of ROUTES) {
    const found = known === wanted ? pattern.exec(path) : null
    if (!found) continue
    const [, repository = '', reference = ''] = found
    if (repository !== '') requireName(repository)
    return { kind, category, right, repository, reference }
  }
  return undefined
}

export function requireName(repository: string): string {
  if (repository.length <= LONGEST_REPOSITORY && REPOSITORY.test(repository)) return repository
  throw new RegistryError(400, 'NAME_INVALID', 'invalid repository name', { name: repository.slice(0, LONGEST_REPOSITORY) })
}

function decoded(pathname: string): string {
  try {
    return decodeURIComponent(pathname)
  } catch {
    throw new RegistryError(400, 'NAME_INVALID', 'invalid repository name')
  }
}
