import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Heartbeat {
  headers: IncomingHttpHeaders
  path: string
  body: {
    firstHeartBeat: boolean
    version: object
    commandsStatus: Record<string, { status: string; message: string }>
    decommissioningNodes: { nodeId: string }[]
    decommissionedNodes: { nodeId: string }[]
    agent: { state: string; stage: string; progress: number; bootId: string; nodeId: string; logTail: string; error?: string }
  }
}

/** A stand-in for the API's heartbeat endpoint: keeps what it got, answers what it is told to. */
export interface HeartbeatApi {
  url: string
  beats: Heartbeat[]
  status: number
  payload: { workers?: object[]; commands?: object[]; heartbeatSeconds?: number }
  /** Accepts no connection until called again with false. */
  away(gone: boolean): void
  close(): Promise<void>
}

export async function heartbeatApi(): Promise<HeartbeatApi> {
  let gone = false
  const server = createServer((request, response) => {
    if (gone) return void request.socket.destroy()
    let text = ''
    request.on('data', (part) => {
      text += part
    })
    request.on('end', () => {
      api.beats.push({ headers: request.headers, path: request.url ?? '', body: JSON.parse(text) })
      response.writeHead(api.status, { 'content-type': 'application/json' })
      response.end(
        api.status === 200
          ? JSON.stringify({
              apiVersion: 'v1',
              status: 'ok',
              code: 200,
              message: '',
              payload: { version: { major: 0, minor: 2, patch: 0 }, workers: [], commands: [], blockedUsers: [], ...api.payload },
            })
          : 'no',
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const api: HeartbeatApi = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`,
    beats: [],
    status: 200,
    payload: {},
    away(now) {
      gone = now
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return api
}
