import { ProblemError } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { type Backup, listBackups } from '../backup.ts'

/** Backups that say what was later in the same container: when that is rolled back they are worth nothing. */
export async function newerBackups(services: Services, backup: Backup): Promise<readonly Backup[]> {
  const all = await listBackups(services)
  return all.filter((other) => other.state === 'succeed' && isNewer(other, backup) && containerOf(other) === containerOf(backup))
}

/** Ids are in the order of time, too, and finer than a second. */
const isNewer = (one: Backup, other: Backup): boolean =>
  one.createdOn === other.createdOn ? one.id > other.id : one.createdOn > other.createdOn

function containerOf({ cluster: { request } }: Backup): string {
  return [request.storageAccount, request.blobContainerName].join('/')
}

/** As many as are named in a sentence. */
const NAMED = 10

/** ProblemError `conflict` where there are any: nobody has said that they may go. */
export function checkNewer(newer: readonly Backup[]): void {
  if (newer.length === 0) return
  const names = newer.slice(0, NAMED).map(({ id, name }) => `${name} (${id})`)
  const more = newer.length > NAMED ? ` and ${newer.length - NAMED} more` : ''
  throw new ProblemError({
    code: 'conflict',
    message: `A restore rolls the container back, which makes newer backups worthless: ${names.join(', ')}${more}.`,
    remedy: 'Restore the newest one, or confirm with ?deleteNewerBackups=true that they may be deleted.',
    retryable: false,
  })
}
