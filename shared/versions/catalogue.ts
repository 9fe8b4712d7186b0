import * as z from 'zod'
import { everyRow } from '../operations/every-row.ts'
import { ProblemError } from '../problem.ts'
import type { Services } from '../services.ts'
import { rowKey } from '../storage/row-key.ts'
import { type CatalogueEntry, storedEntrySchema } from './entry.ts'
import { compareVersions } from './order.ts'
import { seededEntries } from './seed.ts'

const PARTITION = 'version'

/** `retired`: no longer offered. Clusters that have the version go on with it, so the entry stays. */
const rowSchema = z.strictObject({ entry: storedEntrySchema, retired: z.boolean() })

type World = Pick<Services, 'tables'>

/** What an administrator has written; it lies over the seed, so that a new release of the app brings its own versions. */
const versionTable = ({ tables }: World) => tables.table('versions', rowSchema)

/** The versions on offer, ascending, newest last. */
export async function offeredVersions(world: World): Promise<readonly CatalogueEntry[]> {
  const rows = await everyRow((page) => versionTable(world).list(PARTITION, page))
  const written = new Set(rows.map(({ entry }) => entry.version))
  const offered = rows.filter(({ retired }) => !retired).map(({ entry }) => entry)
  const seeded = seededEntries.filter(({ version }) => !written.has(version))
  return [...seeded, ...offered].sort((a, b) => compareVersions(a.version, b.version))
}

/** Also one that is no longer offered; undefined: there never was one. */
export async function findVersion(world: World, version: string): Promise<CatalogueEntry | undefined> {
  const stored = await versionTable(world).get(PARTITION, rowKey(version))
  return stored?.value.entry ?? seededEntries.find((entry) => entry.version === version)
}

/** As `findVersion`; ProblemError `invalid` where there is none. */
export async function versionOf(world: World, version: string): Promise<CatalogueEntry> {
  const entry = await findVersion(world, version)
  if (entry) return entry
  throw new ProblemError({ code: 'invalid', message: `There is no version ${version} in the catalogue.`, retryable: false })
}

/** Offers a version, or offers it otherwise than before. */
export const putVersion = async (world: World, entry: CatalogueEntry): Promise<void> => {
  await versionTable(world).upsert(PARTITION, rowKey(entry.version), { entry, retired: false })
}

/** A version on offer; ProblemError `not-found` where it is not on it. */
export async function offeredVersion(world: World, version: string): Promise<CatalogueEntry> {
  const offered = (await offeredVersions(world)).find((entry) => entry.version === version)
  if (offered) return offered
  throw new ProblemError({ code: 'not-found', message: `Version ${version} is not on offer.`, retryable: false })
}

/** Takes a version off the offer; ProblemError `not-found` where it is not on it. */
export async function retireVersion(world: World, version: string): Promise<void> {
  const entry = await offeredVersion(world, version)
  await versionTable(world).upsert(PARTITION, rowKey(version), { entry, retired: true })
}
