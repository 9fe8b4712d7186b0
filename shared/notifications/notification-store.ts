import * as z from 'zod'
import { everyRow } from '../operations/every-row.ts'
import { ProblemError } from '../problem.ts'
import type { Services } from '../services.ts'
import { rowKey } from '../storage/row-key.ts'
import { type Notification, notificationSchema } from './notification.ts'

type World = Pick<Services, 'tables'>

const PARTITION = 'notification'

/** `announced`: every webhook has its delivery on the queue. */
const rowSchema = z.strictObject({ notification: notificationSchema, announced: z.boolean() })

const notificationTable = ({ tables }: World) => tables.table('notifications', rowSchema)

/** The same for the same cluster and version: what was told is not told again. */
export const notificationId = (clusterId: string, version: string): string => `${idsOf(clusterId)}${rowKey(version)}`

/** How the ids of all that a cluster is told begin. */
const idsOf = (clusterId: string): string => `${clusterId}_`

/** Whether it is new. */
export async function insertNotification(world: World, notification: Notification): Promise<boolean> {
  try {
    await notificationTable(world).insert(PARTITION, notification.id, { notification, announced: false })
    return true
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === 'conflict') return false
    throw error
  }
}

export const findNotification = async (world: World, id: string): Promise<Notification | undefined> =>
  (await notificationTable(world).get(PARTITION, id))?.value.notification

/** Newest first. */
export async function listNotifications(world: World): Promise<readonly Notification[]> {
  const rows = await everyRow((page) => notificationTable(world).list(PARTITION, page))
  return rows.map(({ notification }) => notification).sort((a, b) => b.createdOn - a.createdOn)
}

export async function unannounced(world: World): Promise<readonly Notification[]> {
  const rows = await everyRow((page) => notificationTable(world).list(PARTITION, page))
  return rows.filter(({ announced }) => !announced).map(({ notification }) => notification)
}

export const markAnnounced = (world: World, notification: Notification) =>
  notificationTable(world).upsert(PARTITION, notification.id, { notification, announced: true })

/** What a cluster was told, when it is terminated. */
export async function forgetNotifications(world: World, clusterId: string): Promise<void> {
  const rows = await everyRow((page) => notificationTable(world).list(PARTITION, { ...page, prefix: idsOf(clusterId) }))
  for (const { notification } of rows) await removeNotification(world, notification.id)
}

export const removeNotification = (world: World, id: string): Promise<void> => notificationTable(world).remove(PARTITION, id)
