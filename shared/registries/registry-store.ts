import { createHash } from 'node:crypto'
import { ProblemError } from '../problem.ts'
import type { Services } from '../services.ts'
import type { Page, Table } from '../storage/table.ts'
import { update } from '../storage/update.ts'
import { type Registry, registrySchema } from './registry.ts'

const PARTITION = 'registry'

type World = Pick<Services, 'tables'>

const tableOf = ({ tables }: World): Table<Registry> => tables.table('registries', registrySchema)

/** From the login server: a registry can be adopted once. */
export const registryIdOf = (loginServer: string): string =>
  createHash('sha256').update(loginServer.toLowerCase()).digest('hex').slice(0, 16)

/** Adopted already: ProblemError `conflict`. */
export async function insertRegistry(services: World, registry: Registry): Promise<Registry> {
  return (await tableOf(services).insert(PARTITION, registry.id, registry)).value
}

export async function findRegistry(services: World, id: string): Promise<Registry | undefined> {
  // What cannot be one of our ids may hold characters that a row key must not.
  return /^[0-9a-f]{16}$/.test(id) ? (await tableOf(services).get(PARTITION, id))?.value : undefined
}

/** As `findRegistry`; none: ProblemError `not-found`. */
export async function getRegistry(services: World, id: string): Promise<Registry> {
  const registry = await findRegistry(services, id)
  if (registry) return registry
  throw new ProblemError({ code: 'not-found', message: 'There is no such registry.', retryable: false })
}

/** `change` may run several times and answers undefined to leave it. Undefined: there is none. */
export async function updateRegistry(
  services: World,
  id: string,
  change: (registry: Registry) => Registry | undefined,
): Promise<Registry | undefined> {
  return (await update(tableOf(services), PARTITION, id, change))?.value
}

export async function removeRegistry(services: World, id: string): Promise<void> {
  await tableOf(services).remove(PARTITION, id)
}

export function listRegistries(services: World, page: { limit?: number; continuation?: string } = {}): Promise<Page<Registry>> {
  return tableOf(services).list(PARTITION, page)
}
