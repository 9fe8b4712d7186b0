import { type DequeuedMessageItem, type QueueClient, RestError } from '@azure/storage-queue'
import type { Clock } from '../../clock.ts'
import type { Log } from '../host-event.ts'
import type { LoadedFunction, Runtime } from '../runtime.ts'
import { decodeMessage, messageMetadata } from './queue-message.ts'
import { MIN_POLLING_INTERVAL, type QueueOptions } from './queue-options.ts'

/** Seconds that a fetched message stays invisible to others; renewed at half time while its handler runs. */
const INVISIBLE = 600

export interface QueueListener {
  readonly queue: string
  start(): void
  /** Looks at once: somebody has just put a message in. */
  wake(): void
  /** Fetches no more; ends when the messages in hand are done. */
  stop(): Promise<void>
  /** From now on no message is deleted, moved or made visible. */
  kill(): void
}

export interface QueueListenerOptions {
  readonly fn: LoadedFunction
  readonly queue: QueueClient
  /** Absent for a poison queue's own function: its messages are tried until they succeed or expire. */
  readonly poison: QueueClient | undefined
  readonly options: QueueOptions
  readonly runtime: Runtime
  readonly clock: Clock
  readonly log: Log
}

/** Brings the messages of one queue to one function. */
export function queueListener({ fn, queue, poison, options, runtime, clock, log }: QueueListenerOptions): QueueListener {
  const inHand = new Set<Promise<void>>()
  let stopped = false
  let killed = false
  let interval = MIN_POLLING_INTERVAL
  let interrupt = () => {}
  let polling: Promise<void> = Promise.resolve()
  let reachable = true
  let woken = false

  async function poll(): Promise<void> {
    while (!stopped) {
      if (inHand.size > options.newBatchThreshold) {
        await Promise.race(inHand)
        continue
      }
      woken = false
      const messages = await fetchMessages()
      if (killed) return
      for (const message of messages) take(message)
      interval = messages.length > 0 ? MIN_POLLING_INTERVAL : Math.min(interval * 2, options.maxPollingInterval)
      if (messages.length === 0 && !stopped && !woken) await rest()
    }
  }

  function rest(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = clock.after(interval, resolve)
      interrupt = () => {
        cancel()
        resolve()
      }
    })
  }

  /** A queue that does not exist is empty. An account that does not answer is waited for. */
  async function fetchMessages(): Promise<readonly DequeuedMessageItem[]> {
    try {
      const { receivedMessageItems } = await queue.receiveMessages({ numberOfMessages: options.batchSize, visibilityTimeout: INVISIBLE })
      reachable = true
      return receivedMessageItems
    } catch (error) {
      if (reachable && !stopped && !(error instanceof RestError && error.statusCode === 404)) {
        reachable = false
        log({ level: 'warning', category: 'host', function: fn.name, message: `Queue ${queue.name} cannot be read; trying again.`, error })
      }
      return []
    }
  }

  function take(message: DequeuedMessageItem): void {
    const run = handle(message)
      .catch((error: unknown) => {
        // The message comes back by itself when its time of invisibility is over.
        if (!killed)
          log({ level: 'error', category: 'host', function: fn.name, message: `A message of queue ${queue.name} is stuck.`, error })
      })
      .finally(() => inHand.delete(run))
    inHand.add(run)
  }

  async function handle(message: DequeuedMessageItem): Promise<void> {
    const trigger = decodeMessage(message.messageText, options.messageEncoding)
    const hold = holdInvisible(message)
    if (trigger === undefined || (poison && message.dequeueCount > options.maxDequeueCount)) {
      const receipt = await hold.end()
      return poison ? giveUp(message, receipt, poison) : giveBack(message, receipt)
    }
    let error: unknown
    let failed = false
    try {
      await runtime.invoke(fn, { trigger, metadata: messageMetadata(message, trigger) })
    } catch (thrown) {
      failed = true
      error = thrown
    }
    const receipt = await hold.end()
    if (killed) return
    if (!failed) {
      await queue.deleteMessage(message.messageId, receipt)
      return
    }
    log({ level: 'error', category: 'host', function: fn.name, message: `Executed 'Functions.${fn.name}' (Failed)`, error })
    if (poison && message.dequeueCount >= options.maxDequeueCount) await giveUp(message, receipt, poison)
    else await giveBack(message, receipt)
  }

  /** Renews the invisibility until `end`, which gives the receipt that is valid by then. */
  function holdInvisible(message: DequeuedMessageItem): { end(): Promise<string> } {
    let renewing = Promise.resolve(message.popReceipt)
    let cancel = clock.after((INVISIBLE / 2) * 1000, renew)
    function renew(): void {
      renewing = renewing.then(async (receipt) => {
        if (killed) return receipt
        try {
          const { popReceipt } = await queue.updateMessage(message.messageId, receipt, undefined, INVISIBLE)
          return popReceipt ?? receipt
        } catch (error) {
          log({
            level: 'warning',
            category: 'host',
            function: fn.name,
            message: `A message of queue ${queue.name} was not renewed.`,
            error,
          })
          return receipt
        }
      })
      cancel = clock.after((INVISIBLE / 2) * 1000, renew)
    }
    return {
      end() {
        cancel()
        return renewing
      },
    }
  }

  async function giveBack(message: DequeuedMessageItem, receipt: string): Promise<void> {
    await queue.updateMessage(message.messageId, receipt, undefined, Math.round(options.visibilityTimeout / 1000))
    if (options.visibilityTimeout === 0) wake()
  }

  /** Copied before it is deleted: a crash in between leaves two, never none. */
  async function giveUp(message: DequeuedMessageItem, receipt: string, into: QueueClient): Promise<void> {
    await into.createIfNotExists()
    await into.sendMessage(message.messageText, { messageTimeToLive: -1 })
    await queue.deleteMessage(message.messageId, receipt)
    log({ level: 'warning', category: 'host', function: fn.name, message: `Message has been moved to queue ${into.name}.` })
  }

  function wake(): void {
    woken = true
    interval = MIN_POLLING_INTERVAL
    interrupt()
  }

  return {
    queue: queue.name,
    start() {
      polling = poll()
    },
    wake,
    async stop() {
      stopped = true
      interrupt()
      await polling
      await Promise.all(inHand)
    },
    kill() {
      stopped = true
      killed = true
      interrupt()
    },
  }
}
