import type { Endpoint } from '../../shared/http/endpoint.ts'
import { addWorkers } from '../../shared/workers/add-workers.ts'
import { removeWorkers } from '../../shared/workers/remove-workers.ts'
import { workersRequestSchema } from '../../shared/workers/wire.ts'
import { mutationEndpoint } from '../clusters/mutation-endpoint.ts'

export const workerEndpoints: readonly Endpoint[] = [
  mutationEndpoint(
    {
      name: 'workers-add',
      method: 'POST',
      route: 'clusters/{clusterId}/workers',
      summary: 'Add workers to a cluster',
      request: workersRequestSchema,
    },
    ({ body }) => addWorkers(body),
  ),
  mutationEndpoint(
    {
      name: 'workers-remove',
      method: 'DELETE',
      route: 'clusters/{clusterId}/workers',
      summary: 'Remove workers from a cluster once nothing runs on them',
      request: workersRequestSchema,
    },
    ({ body }) => removeWorkers(body),
  ),
]
