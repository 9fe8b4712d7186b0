import { until } from '../../../until.ts'
import type { TestHost } from '../test-host.ts'

export interface Status {
  readonly name: string
  readonly instanceId: string
  readonly runtimeStatus: string
  readonly input: unknown
  readonly output: unknown
  readonly customStatus: unknown
  readonly historyEvents?: readonly { readonly EventType: string; readonly FunctionName?: string }[]
}

/** The durable HTTP API of a host, as a caller uses it. */
export function taskHub(host: Pick<TestHost, 'url'>) {
  const send = (method: string, path: string, init: RequestInit = {}) =>
    fetch(`${host.url}/runtime/webhooks/durabletask/${path}`, { method, headers: { 'content-type': 'application/json' }, ...init })
  const body = (value: unknown) => (value === undefined ? {} : { body: JSON.stringify(value) })
  const status = async (id: string, query = '') => (await (await send('GET', `instances/${id}?${query}`)).json()) as Status
  return {
    send,
    status,
    start: (name: string, id: string, input?: unknown) => send('POST', `orchestrators/${name}/${id}`, body(input)),
    raise: (id: string, event: string, value?: unknown) => send('POST', `instances/${id}/raiseEvent/${event}`, body(value)),
    post: (id: string, verb: string) => send('POST', `instances/${id}/${verb}`),
    ended: (id: string): Promise<Status> =>
      until(async () => {
        const found = await status(id)
        return /Completed|Failed|Terminated/.test(found.runtimeStatus) ? found : undefined
      }),
  }
}
