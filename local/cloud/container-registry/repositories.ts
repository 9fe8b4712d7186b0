import { mayList, shownAttributes } from './attributes.ts'
import { type DataCall, nextLink, pageSize, repositoryOf, shownTime } from './data-call.ts'
import { loginServer } from './registry.ts'

const STANDARD_PAGE = 100
const MOST_REPOSITORIES = 1_000

/** `/v2/_catalog` and `/acr/v1/_catalog`. */
export function listRepositories({ contents, query, request }: DataCall): Response {
  const n = pageSize(query, STANDARD_PAGE, MOST_REPOSITORIES)
  const last = query.get('last') ?? ''
  const left = contents.repositories().filter((name) => name > last && mayList(contents.repository(name)?.row ?? {}))
  const page = left.slice(0, n)
  const end = page.at(-1)
  const { pathname } = new URL(request.url)
  const link = end !== undefined && left.length > n ? { headers: nextLink(pathname, { last: end, n, orderby: '' }) } : {}
  return Response.json({ repositories: page.length > 0 ? page : null }, link)
}

export function readRepository(call: DataCall): Response {
  const { name, row, manifests, tags } = repositoryOf(call)
  return Response.json({
    registry: loginServer(call.registry),
    imageName: name,
    createdTime: shownTime(row.createdAt),
    lastUpdateTime: shownTime(row.updatedAt),
    manifestCount: manifests.size,
    tagCount: tags.size,
    changeableAttributes: { ...shownAttributes(row), teleportEnabled: false },
  })
}
