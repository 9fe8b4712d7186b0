import type { Api, WireOperation } from '../../e2e/api.ts'
import { until } from '../../until.ts'

/** Waits until an operation has ended, however. */
export const ended = (api: Api, operation: string): Promise<WireOperation> =>
  until(async () => {
    const { payload } = await api.call<{ operation: WireOperation }>('GET', `/api/operations/${operation}`)
    return ['succeeded', 'failed', 'cancelled'].includes(payload.operation.state) ? payload.operation : undefined
  }, 60)

/** Removes a cluster and waits until it is gone. */
export async function terminated(api: Api, id: string): Promise<void> {
  await api.call('DELETE', `/api/clusters/${id}`)
  await until(async () => (await api.cluster(id)) === undefined, 60)
}

/** An operation that is under way is at another step at each look. */
export const moving = { progress: 0.5, startedOn: undefined, steps: { type: 'sequence', title: '…', nodes: ['…'] } }
