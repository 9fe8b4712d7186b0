import { app } from '@azure/functions'
import { checkVersionsWhenDue } from '../../shared/notifications/check-versions.ts'
import { NOTIFICATION_QUEUE } from '../../shared/notifications/notification.ts'
import { bury, work } from '../../shared/notifications/work.ts'
import type { Services } from '../../shared/services.ts'
import { queueName } from '../../shared/storage/queues.ts'

const HOURLY = '0 7 * * * *'
const FUNCTIONS = 3

/** Registers what looks for newer versions and what delivers. Answers how many functions these are. */
export function registerNotifications(services: () => Services, prefix: string): number {
  const queue = queueName(prefix, NOTIFICATION_QUEUE)
  const connection = 'AzureWebJobsStorage'
  app.timer('notifications-check', { schedule: HOURLY, runOnStartup: true, handler: () => checkVersionsWhenDue(services()) })
  app.storageQueue('notifications-work', { queueName: queue, connection, handler: (message) => work(services(), message) })
  app.storageQueue('notifications-poison', { queueName: `${queue}-poison`, connection, handler: (message) => bury(services(), message) })
  return FUNCTIONS
}
