import { ProblemError } from '../problem.ts'
import type { Services } from '../services.ts'
import type { DataPlane } from './data-plane/data-plane.ts'
import { getRegistry } from './registry-store.ts'

interface Page {
  readonly limit: number
  readonly continuation?: string
}

/** Milliseconds that a caller waits for the registry. */
const PATIENCE = 20_000
/** Repositories of one page: each costs a call. */
const MOST_REPOSITORIES = 100

async function open(services: Services, registryId: string): Promise<DataPlane> {
  return services.registries.open(await getRegistry(services, registryId), services.clock.now() + PATIENCE)
}

/** What the registry gave as the next page, in base64url: a caller's tools may not take it as it is. */
const onward = (next: string | undefined) => (next === undefined ? {} : { continuation: Buffer.from(next).toString('base64url') })
const from = ({ limit, continuation }: Page) => ({
  limit,
  ...(continuation !== undefined && { next: Buffer.from(continuation, 'base64url').toString() }),
})

export async function repositoriesOf(services: Services, registryId: string, { limit, ...page }: Page) {
  const dataPlane = await open(services, registryId)
  const { names, next } = await dataPlane.repositories(from({ limit: Math.min(limit, MOST_REPOSITORIES), ...page }))
  const states = await Promise.all(names.map(async (name) => ({ name, state: await dataPlane.repository(name) })))
  // One that vanished meanwhile is not shown.
  return { repositories: states.flatMap(({ name, state }) => (state ? [{ name, ...state }] : [])), ...onward(next) }
}

export async function manifestsOf(services: Services, registryId: string, { repository, ...page }: Page & { readonly repository: string }) {
  const found = await (await open(services, registryId)).manifests(repository, from(page))
  if (!found) throw noRepository()
  return { manifests: found.manifests.map(({ tags, ...manifest }) => ({ ...manifest, tags: [...tags] })), ...onward(found.next) }
}

export async function tagsOf(services: Services, registryId: string, { repository, ...page }: Page & { readonly repository: string }) {
  const found = await (await open(services, registryId)).tags(repository, from(page))
  if (!found) throw noRepository()
  return { tags: [...found.tags], ...onward(found.next) }
}

const noRepository = () => new ProblemError({ code: 'not-found', message: 'There is no such repository.', retryable: false })
