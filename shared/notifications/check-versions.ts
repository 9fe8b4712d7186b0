import * as z from 'zod'
import type { Cluster } from '../clusters/cluster.ts'
import { updateCluster } from '../clusters/cluster-store.ts'
import { listClusters } from '../clusters/list-clusters.ts'
import { secondsNow } from '../operations/operations.ts'
import type { Services } from '../services.ts'
import { offeredVersions } from '../versions/catalogue.ts'
import type { CatalogueEntry } from '../versions/entry.ts'
import { newerVersion } from './newer-version.ts'
import { NOTIFICATION_QUEUE, type Work } from './notification.ts'
import {
  insertNotification,
  listNotifications,
  markAnnounced,
  notificationId,
  removeNotification,
  unannounced,
} from './notification-store.ts'
import { listWebhooks } from './webhook-store.ts'

/** Clusters looked at side by side. */
const AT_ONCE = 100
const HOUR = 3600

const checkSchema = z.strictObject({ at: z.number() })
const checkTable = ({ tables }: Services) => tables.table('versionchecks', checkSchema)

/** As `checkVersions`, unless it was done within the hours of the setting. */
export async function checkVersionsWhenDue(services: Services): Promise<void> {
  const last = (await checkTable(services).get('check', 'versions'))?.value.at ?? 0
  // A little less than the time between two runs of the timer: it must not slip by an hour each day.
  if (secondsNow(services) - last >= services.settings.versionCheckHours * HOUR - 60) await checkVersions(services)
  else await announce(services)
}

/** Tells each cluster that stands still, running or stopped, of the newest version within its reach, once; and takes back what is no longer true. */
export async function checkVersions(services: Services): Promise<void> {
  const offered = await offeredVersions(services)
  const ids = new Set<string>()
  let continuation: string | undefined
  do {
    const page = await listClusters(services, { limit: AT_ONCE, ...(continuation !== undefined && { continuation }) })
    for (const { id } of page.clusters) ids.add(id)
    await Promise.all(page.clusters.map((cluster) => tell(services, offered, cluster)))
    continuation = page.continuation
  } while (continuation !== undefined)
  for (const { id, clusterId } of await listNotifications(services)) if (!ids.has(clusterId)) await removeNotification(services, id)
  await announce(services)
  await checkTable(services).upsert('check', 'versions', { at: secondsNow(services) })
}

async function tell(
  services: Services,
  offered: readonly CatalogueEntry[],
  { id, state, request, upgrade, newerVersion: told }: Cluster,
): Promise<void> {
  // It may still come back to the version that it had.
  if (upgrade) return
  const newer = newerVersion(offered, request)
  if (newer?.version === told?.version && (!told || told.from === request.version)) return
  if (newer && state !== 'running' && state !== 'stopped') return
  if (newer) {
    const { version, releaseNotesUrl } = newer
    const what = {
      type: 'version-available' as const,
      clusterId: id,
      clusterName: request.name,
      from: request.version,
      version,
      releaseNotesUrl,
    }
    await insertNotification(services, { ...what, id: notificationId(id, version), createdOn: secondsNow(services) })
  }
  await updateCluster(services, id, ({ newerVersion: _, ...cluster }) =>
    newer
      ? { ...cluster, newerVersion: { from: request.version, version: newer.version, releaseNotesUrl: newer.releaseNotesUrl } }
      : cluster,
  )
}

/** Puts a delivery for each webhook on the queue, of all notifications that have none yet. One that breaks off here is delivered twice, never not at all. */
async function announce(services: Services): Promise<void> {
  const fresh = await unannounced(services)
  const webhooks = fresh.length > 0 ? await listWebhooks(services) : []
  for (const notification of fresh) {
    for (const { id: webhookId } of webhooks) {
      const work: Work = { type: 'deliver', notificationId: notification.id, webhookId, attempt: 1 }
      await services.queues.send(NOTIFICATION_QUEUE, work)
    }
    await markAnnounced(services, notification)
  }
}

/** After a change of the catalogue, without keeping its author waiting. */
export const askForCheck = (services: Services): Promise<void> => services.queues.send(NOTIFICATION_QUEUE, { type: 'check-versions' })
