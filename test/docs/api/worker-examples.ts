import { arrived } from '../../e2e/journeys/stage.ts'
import { small } from './cluster-examples.ts'
import { ended, moving } from './ended.ts'
import type { Guide } from './guide.ts'

const worker = { instanceType: 'Standard_D4_v3', diskSize: 256 }

/** More workers and fewer, by hand and by load, and an operation that is called off. */
export async function workerExamples({ show, world }: Guide): Promise<void> {
  const { api } = world
  const id = await api.create({ name: 'scaled', blobContainerName: 'scaled', ...small })
  await arrived(api, id, 'run', 'running')
  const one = { params: { clusterId: id } }
  const two = { workers: [{ ...worker, count: 2, spotInfo: { maxPrice: 60, fallBackOnDemand: true } }] }
  await show('workers-add', { ...one, query: { dryRun: 'true' }, body: two })
  const { operation = '' } = await show('workers-add', { ...one, body: two })
  await show('operations-cancel', { params: { operationId: operation }, unsteady: { ...moving, state: 'cancelling' } })
  await ended(world.api, operation)
  await arrived(api, id, 'run', 'running')
  const { operation: again = '' } = (await api.call<{ operation?: string }>('POST', `/api/clusters/${id}/workers`, two)).payload
  await ended(api, again)
  await show('workers-remove', { ...one, body: { workers: [{ ...worker, count: 1 }] } })
  await arrived(api, id, 'run', 'running')
  const nonGpu = { ...worker, minWorkers: 0, maxWorkers: 5, standbyWorkers: 0.5, downscaleWaitTime: 300 }
  await show('clusters-autoscale-configure', { ...one, body: { autoscale: { nonGpu } } })
  await show('clusters-autoscale-disable', one)
  await show('operations-list', { ...one, query: { limit: '1' }, section: 'pages' })
  await api.call('DELETE', `/api/clusters/${id}`)
}
