import { type QueueClient, QueueServiceClient, RestError } from '@azure/storage-queue'
import { type Binding, isType } from '../binding.ts'
import type { Extension, HostContext } from '../extension.ts'
import { StartError } from '../start-error.ts'
import { storageConnection } from '../storage-account.ts'
import { queueListener } from './queue-listener.ts'
import { decodeMessage, encodeMessages } from './queue-message.ts'
import { queueOptions } from './queue-options.ts'

const POISON = '-poison'

/** Azure Storage queues: triggers with five tries and a poison queue, outputs that create their queue. */
export function queuesExtension({ clock, hostJson, log, runtime, settings }: HostContext): Extension {
  const options = queueOptions(hostJson)
  const services = new Map<string, QueueServiceClient>()

  function client(binding: Binding, suffix = ''): QueueClient {
    if (typeof binding.queueName !== 'string') throw new StartError('app-failed', `The queue binding ${binding.name} has no queueName.`)
    const connection = storageConnection(settings, binding.connection)
    const service = services.get(connection) ?? QueueServiceClient.fromConnectionString(connection)
    services.set(connection, service)
    return service.getQueueClient(binding.queueName.toLowerCase() + suffix)
  }

  const listeners = [...runtime.functions.values()]
    .filter((fn) => isType(fn.trigger, 'queueTrigger') && !fn.disabled)
    .map((fn) => {
      const queue = client(fn.trigger)
      const poison = queue.name.endsWith(POISON) ? undefined : client(fn.trigger, POISON)
      return queueListener({ fn, queue, poison, options, runtime, clock, log })
    })

  return {
    name: 'queues',
    async start() {
      for (const listener of listeners) listener.start()
    },
    async stop() {
      await Promise.all(listeners.map((listener) => listener.stop()))
    },
    kill() {
      for (const listener of listeners) listener.kill()
    },
    takes: (binding) => isType(binding, 'queue'),
    async output(binding, data) {
      const queue = client(binding)
      for (const text of encodeMessages(data, options.messageEncoding)) await send(queue, text)
      for (const listener of listeners) if (listener.queue === queue.name) listener.wake()
    },
    run(fn, input) {
      if (!isType(fn.trigger, 'queueTrigger')) return undefined
      const trigger = decodeMessage(input, 'none') ?? {}
      return runtime.invoke(fn, { trigger, metadata: { QueueTrigger: trigger, DequeueCount: { json: '1' } } })
    },
  }
}

/** Most sends find their queue: it is made only when one does not. */
async function send(queue: QueueClient, text: string): Promise<void> {
  try {
    await queue.sendMessage(text)
  } catch (error) {
    if (!(error instanceof RestError && error.statusCode === 404)) throw error
    await queue.createIfNotExists()
    await queue.sendMessage(text)
  }
}
