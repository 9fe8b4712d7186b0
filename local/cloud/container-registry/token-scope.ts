import type { DataRequest, Right } from './data-request.ts'

/** One entry of a token's `access`: what may be done with a repository (`*`: with any), or with the registry's catalog. */
export interface Access {
  readonly type: 'repository' | 'registry'
  readonly name: string
  readonly actions: readonly string[]
}

const REPOSITORY_RIGHTS: readonly Right[] = ['pull', 'push', 'delete', 'metadata_read', 'metadata_write', 'deleted_read', 'deleted_restore']
/** Asked as `registry:{right}:*`. */
const CATALOGS: readonly Right[] = ['catalog', 'deleted_catalog']
const MAX_SCOPES = 200

/** `repository:library/x:pull,push registry:catalog:*`; scopes that say nothing the registry knows are left out. */
export function parseScopes(scopes: readonly string[]): Access[] {
  return scopes
    .flatMap((scope) => scope.split(' '))
    .slice(0, MAX_SCOPES)
    .flatMap((scope) => {
      const [, type, name, actions] = /^(repository|registry):(.+):([a-z_*,]+)$/.exec(scope) ?? []
      if ((type !== 'repository' && type !== 'registry') || name === undefined || actions === undefined) return []
      return [{ type, name, actions: actions.split(',') }]
    })
}

/** The scope that a request needs, as a challenge names it; undefined where being somebody is enough. */
export function neededScope({ right, repository }: DataRequest): Access | undefined {
  if (right === undefined) return undefined
  if (CATALOGS.includes(right)) return { type: 'registry', name: right, actions: ['*'] }
  return { type: 'repository', name: repository, actions: [right === 'push' ? 'pull,push' : right] }
}

/** Whether `access` has `right`. */
export function gives(access: readonly Access[], right: Right, repository: string): boolean {
  if (CATALOGS.includes(right))
    return access.some(({ type, name, actions }) => type === 'registry' && name === right && actions.includes('*'))
  return access.some(
    ({ type, name, actions }) =>
      type === 'repository' && (name === '*' || name === repository) && (actions.includes(right) || actions.includes('*')),
  )
}

/** What of the asked is granted; `*` of a repository becomes the rights that it stands for. Entries with nothing left vanish. */
export function granted(asked: readonly Access[], may: (right: Right, repository: string) => boolean): Access[] {
  return asked
    .map(({ type, name, actions }): Access => {
      const catalog = type === 'registry' ? CATALOGS.find((right) => right === name) : undefined
      if (type === 'registry') return { type, name, actions: catalog && may(catalog, '') ? ['*'] : [] }
      const wanted = actions.includes('*') ? REPOSITORY_RIGHTS : REPOSITORY_RIGHTS.filter((right) => actions.includes(right))
      return { type, name, actions: wanted.filter((right) => may(right, name)) }
    })
    .filter(({ actions }) => actions.length > 0)
}
