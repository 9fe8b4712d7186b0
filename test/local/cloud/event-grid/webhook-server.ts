import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Received {
  readonly method: string
  readonly headers: IncomingHttpHeaders
  // biome-ignore lint/suspicious/noExplicitAny: the JSON of an event, looked at by tests alone
  readonly body: any
}

export interface WebhookServer {
  readonly url: string
  /** Notifications so far; handshakes are not among them. */
  readonly received: Received[]
  /** Statuses of the next notifications; 200 when there are none left. */
  readonly answers: number[]
  /** Whether handshakes are answered as they must be. */
  willing: boolean
  /** Whether notifications are left without an answer. */
  silent: boolean
  stop(): Promise<void>
}

export async function webhookServer(): Promise<WebhookServer> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8')
      const body = text === '' ? undefined : JSON.parse(text)
      if (request.method === 'OPTIONS') {
        response
          .writeHead(200, webhook.willing ? { 'WebHook-Allowed-Origin': String(request.headers['webhook-request-origin']) } : {})
          .end()
      } else if (request.headers['aeg-event-type'] === 'SubscriptionValidation') {
        response.writeHead(webhook.willing ? 200 : 202).end(JSON.stringify({ validationResponse: body[0].data.validationCode }))
      } else {
        webhook.received.push({ method: request.method ?? '', headers: request.headers, body })
        if (!webhook.silent) response.writeHead(webhook.answers.shift() ?? 200).end()
      }
    })
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const webhook: WebhookServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events?code=secret`,
    received: [],
    answers: [],
    willing: true,
    silent: false,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return webhook
}
