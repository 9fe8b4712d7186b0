import { randomBytes } from 'node:crypto'
import type { Services } from '../services.ts'
import { versionOf } from '../versions/catalogue.ts'
import { installOf } from '../versions/entry.ts'
import type { Cluster } from './cluster.ts'
import { imageOf } from './cluster-image.ts'

/** The first administrator, whom the installer makes with a password that everybody knows. */
export const ADMIN = 'admin@hopsworks.ai'

/** Id and type of the command that gives the administrator a password of the cluster's own. */
export const FIRST_PASSWORD = { id: 'first-password', type: 'CHANGE_PASSWORD' }

const secretOf = (clusterId: string) => `password-${clusterId}`

/** The administrator's password, made at the first call. */
export async function passwordOf({ secrets }: Pick<Services, 'secrets'>, clusterId: string): Promise<string> {
  const known = await secrets.get(secretOf(clusterId))
  if (known !== undefined) return known
  const made = randomBytes(18).toString('base64url')
  await secrets.put(secretOf(clusterId), made)
  return made
}

/** Undefined until it has been made. */
export const findPassword = ({ secrets }: Pick<Services, 'secrets'>, clusterId: string): Promise<string | undefined> =>
  secrets.get(secretOf(clusterId))

/** A backup has the password of its cluster, and a cluster that of the backup it was made from: it is on the disks. */
export async function copyPassword({ secrets }: Pick<Services, 'secrets'>, from: string, to: string): Promise<void> {
  const password = await secrets.get(secretOf(from))
  if (password !== undefined) await secrets.put(secretOf(to), password)
}

export const removePassword = ({ secrets }: Pick<Services, 'secrets'>, clusterId: string): Promise<void> =>
  secrets.remove(secretOf(clusterId))

/** An image that brings Hopsworks sets its own. */
export async function needsFirstPassword(services: Pick<Services, 'tables'>, cluster: Cluster): Promise<boolean> {
  const entry = await versionOf(services, cluster.request.version)
  return installOf(entry, imageOf(cluster, entry)) !== null
}
