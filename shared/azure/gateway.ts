import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { createDefaultHttpClient, createHttpHeaders, type HttpClient } from '@azure/core-rest-pipeline'

/**
 * Sends every request to `gateway` (`http://127.0.0.1:4510`) and names the host that was meant in the Host header:
 * the one seam by which the clients of the real Azure talk to a simulated one.
 */
export function gatewayHttpClient(gateway: string, send: HttpClient = createDefaultHttpClient()): HttpClient {
  const target = new URL(gateway)
  const agent = target.protocol === 'https:' ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true })
  return {
    async sendRequest(request) {
      const meant = new URL(request.url)
      const headers = createHttpHeaders(request.headers.toJSON({ preserveCase: true }))
      headers.set('Host', meant.host)
      const routed = {
        ...request,
        url: `${target.origin}${meant.pathname}${meant.search}`,
        headers,
        agent,
        allowInsecureConnection: target.protocol === 'http:',
      }
      const response = await send.sendRequest(routed)
      // Policies further out look at the request again (retries, redirects): they must see the address that was meant.
      return { ...response, request }
    },
  }
}
