import { secondsNow } from '../operations/operations.ts'
import type { Services } from '../services.ts'
import { checkVersions } from './check-versions.ts'
import { deadLetterId, deliver, messageId } from './deliver.ts'
import { workSchema } from './notification.ts'
import { putDeadLetter } from './webhook-store.ts'

/** One message of the queue. What it throws brings the message back, and in the end to the poison queue. */
export async function work(services: Services, message: unknown): Promise<void> {
  const task = workSchema.parse(message)
  return task.type === 'deliver' ? deliver(services, task) : checkVersions(services)
}

/** A message that broke the app again and again is shown where deliveries that failed are: silence would hide it. */
export async function bury(services: Services, message: unknown): Promise<void> {
  const { data: task } = workSchema.safeParse(message)
  const letter =
    task?.type === 'deliver'
      ? { id: deadLetterId(task), webhookId: task.webhookId, notificationId: task.notificationId, attempts: task.attempt }
      : { id: messageId(message), webhookId: '', notificationId: '', attempts: 0 }
  const error = task ? 'The app could not work on it; look for the error in its log.' : 'It is no message of this app.'
  await putDeadLetter(services, { ...letter, error, failedOn: secondsNow(services) })
}
