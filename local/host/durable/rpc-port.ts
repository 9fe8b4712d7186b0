import { randomUUID } from 'node:crypto'
import type { RawRequest, RawResponse } from '../extension.ts'
import { BodyTooLargeError, plainHeaders, readBody } from '../http/http-request.ts'
import { send } from '../http/http-response.ts'
import { type Listener, listen } from '../http/listener.ts'
import { requestPath } from '../http/request-path.ts'

export interface RpcPort extends Pick<Listener, 'stop' | 'kill'> {
  /** Where the app's own durable clients send their calls. */
  readonly baseUrl: string
}

/**
 * The loopback port of the app's own durable clients. They send no key, so the address holds one: without it every page in a
 * browser on this machine could start orchestrations.
 */
export async function openRpcPort(answer: (request: RawRequest) => Promise<RawResponse>): Promise<RpcPort> {
  const base = `durabletask/${randomUUID()}/`
  const {
    url: origin,
    stop,
    kill,
  } = await listen(0, async (request, response) => {
    const url = new URL(request.url ?? '/', origin)
    const path = requestPath(url.pathname)
    if (!path?.startsWith(base)) return send(response, { status: 404 })
    try {
      const { method = 'GET' } = request
      send(
        response,
        await answer({ method, url, path: path.slice(base.length), headers: plainHeaders(request), body: await readBody(request) }),
      )
    } catch (error) {
      if (!(error instanceof BodyTooLargeError)) throw error
      send(response, { status: 413, headers: { connection: 'close' } })
    }
  })
  return { baseUrl: `${origin}/${base}`, stop, kill }
}
