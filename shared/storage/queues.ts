import { QueueClient } from '@azure/storage-queue'
import { once } from '../once.ts'
import type { Json } from '../operations/json.ts'
import type { StorageAccess } from './connection.ts'
import { storageError } from './storage-error.ts'

/** Work that is to be done soon, each piece at least once. */
export interface Queues {
  /** `queue`: lower-case letters. `delaySeconds`: how long nobody sees the message, up to seven days. */
  send(queue: string, message: Json, delaySeconds?: number): Promise<void>
}

/** The name of the physical queue, as its trigger has to know it. */
export const queueName = (prefix: string, queue: string): string => `${prefix}-${queue}`

export function createQueues(access: StorageAccess, prefix: string): Queues {
  const connected = new Map<string, () => Promise<QueueClient>>()
  const client = (queue: string) => {
    const known = connected.get(queue) ?? once(() => connect(access, queueName(prefix, queue)))
    connected.set(queue, known)
    return known()
  }
  return {
    async send(queue, message, delaySeconds = 0) {
      try {
        // The host's triggers read base64 unless they are told otherwise.
        const text = Buffer.from(JSON.stringify(message)).toString('base64')
        await (await client(queue)).sendMessage(text, { visibilityTimeout: Math.round(delaySeconds) })
      } catch (error) {
        connected.delete(queue)
        throw storageError(error)
      }
    },
  }
}

async function connect(access: StorageAccess, name: string): Promise<QueueClient> {
  const client =
    'connectionString' in access
      ? new QueueClient(access.connectionString, name)
      : new QueueClient(`https://${access.accountName}.queue.core.windows.net/${name}`, access.credential)
  await client.createIfNotExists()
  return client
}
