import { until } from './wait.ts'

/** The HTTP API of the durable extension, as the app's own client uses it. */
export interface Durable {
  start(orchestration: string): Promise<string>
  raise(id: string, event: string): Promise<void>
  /** Resolves when the instance shows this status; asks every so many milliseconds. */
  reach(id: string, status: 'Running' | 'Completed', everyMs: number): Promise<void>
}

export function durableOf(hostUrl: string): Durable {
  const base = `${hostUrl}/runtime/webhooks/durabletask`
  const post = async (path: string): Promise<Response> => {
    const response = await fetch(`${base}/${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })
    if (response.status !== 202) throw new Error(`${path}: ${response.status}`)
    return response
  }
  return {
    async start(orchestration) {
      const { id } = (await (await post(`orchestrators/${orchestration}`)).json()) as { id: string }
      return id
    },
    async raise(id, event) {
      await (await post(`instances/${id}/raiseEvent/${event}`)).text()
    },
    async reach(id, status, everyMs) {
      const ask = async () => {
        const response = await fetch(`${base}/instances/${id}`)
        const { runtimeStatus } = (await response.json()) as { runtimeStatus: string }
        return runtimeStatus === status ? true : undefined
      }
      await until(`${id} ${status}`, ask, { everyMs, seconds: 60 })
    },
  }
}
