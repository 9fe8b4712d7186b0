import * as z from 'zod'

/** That a cluster can be upgraded; told once for each cluster and version. */
export const notificationSchema = z.strictObject({
  id: z.string(),
  type: z.literal('version-available'),
  clusterId: z.string(),
  clusterName: z.string(),
  /** What the cluster had when it was told. */
  from: z.string(),
  version: z.string(),
  releaseNotesUrl: z.string(),
  /** Epoch seconds. */
  createdOn: z.number(),
})
export type Notification = Readonly<z.output<typeof notificationSchema>>

/** What is owed to the webhooks: one piece of work on the queue. */
export const workSchema = z.discriminatedUnion('type', [
  /** The catalogue has changed. */
  z.strictObject({ type: z.literal('check-versions') }),
  z.strictObject({ type: z.literal('deliver'), notificationId: z.string(), webhookId: z.string(), attempt: z.int().positive() }),
])
export type Work = Readonly<z.output<typeof workSchema>>

/** Name of the queue, without the installation's prefix. */
export const NOTIFICATION_QUEUE = 'notifications'
