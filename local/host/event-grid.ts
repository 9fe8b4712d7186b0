import { isType } from './binding.ts'
import type { Extension, HostContext, RawRequest, RawResponse } from './extension.ts'
import { json, text } from './http/http-response.ts'
import type { LoadedFunction } from './runtime.ts'

type Event = Readonly<Record<string, unknown>>

/** Event Grid triggers: the webhook that a subscription delivers to, in both of its schemas. */
export function eventGridExtension({ log, runtime }: HostContext): Extension {
  async function invoke(fn: LoadedFunction, event: Event): Promise<void> {
    await runtime.invoke(fn, {
      trigger: { string: JSON.stringify(event) },
      metadata: event.data === undefined ? {} : { data: { json: JSON.stringify(event.data) } },
    })
  }

  /** One failing event makes the whole delivery fail, though the others ran: Event Grid then sends all of them again. */
  async function notify(fn: LoadedFunction, events: readonly Event[]): Promise<RawResponse> {
    const runs = await Promise.allSettled(events.map((event) => invoke(fn, event)))
    const failed = runs.find((run) => run.status === 'rejected')
    if (!failed) return { status: 202 }
    const message = `Exception while executing function: Functions.${fn.name}`
    log({ level: 'error', category: 'host', function: fn.name, message, error: failed.reason })
    return text(500, message)
  }

  return {
    name: 'eventgrid',
    start: async () => undefined,
    stop: async () => undefined,
    async webhook({ body, headers, method, url }: RawRequest): Promise<RawResponse> {
      const name = url.searchParams.get('functionName') ?? ''
      const fn = [...runtime.functions.values()].find((candidate) => candidate.name.toLowerCase() === name.toLowerCase())
      if (!fn || fn.disabled || !isType(fn.trigger, 'eventGridTrigger')) return text(404, `cannot find function: '${name}'`)
      if (method === 'OPTIONS') return allowSender(headers['webhook-request-origin'])
      switch (headers['aeg-event-type']?.toLowerCase()) {
        case 'subscriptionvalidation':
          return handshake(toEvents(body.toString('utf8')))
        case 'notification':
          return notify(fn, toEvents(body.toString('utf8')))
        case 'unsubscribe':
          return { status: 202 }
        default:
          return { status: 400 }
      }
    },
  }
}

/** A delivery is an array of events or a single one. @throws SyntaxError, which the caller sees as 500, as on the official host. */
function toEvents(body: string): Event[] {
  const content: unknown = JSON.parse(body)
  return (Array.isArray(content) ? content : [content]) as Event[]
}

function handshake([event]: readonly Event[]): RawResponse {
  const code = (event?.data as Event | undefined)?.validationCode
  // The official host sends this JSON as plain text.
  return { ...json(200, { validationResponse: code }), headers: { 'content-type': 'text/plain; charset=utf-8' } }
}

/** The handshake of CloudEvents: the sender asks whether it may. */
function allowSender(origin = '*'): RawResponse {
  return { status: 200, headers: { 'webhook-allowed-origin': origin, 'webhook-allowed-rate': '*' } }
}
