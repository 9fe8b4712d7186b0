import type { DequeuedMessageItem } from '@azure/storage-queue'
import { fromTypedData, type TypedData } from '../typed-data.ts'
import type { QueueOptions } from './queue-options.ts'

type Encoding = QueueOptions['messageEncoding']

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
const UTF8 = new TextDecoder('utf-8', { fatal: true })

/** The trigger's data; undefined when the message is not in the encoding that host.json says, so that no handler can read it. */
export function decodeMessage(text: string, encoding: Encoding): TypedData | undefined {
  if (encoding === 'none') return { string: text }
  if (!BASE64.test(text)) return undefined
  const bytes = Buffer.from(text, 'base64')
  try {
    return { string: UTF8.decode(bytes) }
  } catch {
    return { bytes }
  }
}

/** What goes into the queue for the data of an output: an array is several messages, everything else is one. */
export function encodeMessages(data: TypedData, encoding: Encoding): string[] {
  const encode = (content: string | Uint8Array) => (encoding === 'base64' ? Buffer.from(content).toString('base64') : content.toString())
  if (data.bytes) return [encode(data.bytes)]
  const content = fromTypedData(data)
  const messages = data.json !== undefined && Array.isArray(content) ? content : [content]
  return messages.map((message) => encode(typeof message === 'string' ? message : JSON.stringify(message)))
}

/** What a handler's context shows of a message, with the properties of a JSON object beside it, as the official host gives it. */
export function messageMetadata(message: DequeuedMessageItem, trigger: TypedData): Record<string, TypedData> {
  const date = (value: Date) => ({ json: JSON.stringify(value.toISOString().replace(/(\.000)?Z$/, '+00:00')) })
  return {
    ...(trigger.string !== undefined && contentMetadata(trigger.string)),
    QueueTrigger: trigger,
    DequeueCount: { json: String(message.dequeueCount) },
    Id: { string: message.messageId },
    PopReceipt: { string: message.popReceipt },
    InsertionTime: date(message.insertedOn),
    ExpirationTime: date(message.expiresOn),
    NextVisibleTime: date(message.nextVisibleOn),
  }
}

function contentMetadata(text: string): Record<string, TypedData> {
  if (!text.startsWith('{')) return {}
  try {
    const content: Record<string, unknown> = JSON.parse(text)
    return Object.fromEntries(
      Object.entries(content)
        .filter(([, value]) => value !== null)
        .map(([key, value]) => [key, typeof value === 'string' ? { string: value } : { json: JSON.stringify(value) }]),
    )
  } catch {
    return {}
  }
}
