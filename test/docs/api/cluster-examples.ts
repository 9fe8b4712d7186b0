import { agentConfigOf } from '../../../local/cloud/machines/boot-data.ts'
import { createRequest } from '../../e2e/api.ts'
import { arrived } from '../../e2e/journeys/stage.ts'
import { until } from '../../until.ts'
import type { Guide } from './guide.ts'

const machine = { instanceType: 'Standard_D2s_v4', diskSize: 256 }
export const small = { clusterConfiguration: { head: { ...machine, haEnabled: false }, workers: [] } }

/** A cluster from its first dry run to its end. */
export async function clusterExamples({ show, world }: Guide): Promise<void> {
  const { api } = world
  const request = createRequest()
  await show('preflight', { body: request })
  await show('clusters-create', { query: { dryRun: 'true' }, body: request, section: 'dry-run' })
  const once = { 'Idempotency-Key': 'create-demo' }
  const { id = '', operation = '' } = await show('clusters-create', { body: request, headers: once })
  await show('clusters-create', { body: request, headers: once, section: 'repetition' })
  await show('clusters-list', { query: { limit: '1' }, unsteady: begun })
  await arrived(api, id, 'run', 'running')
  const one = { params: { clusterId: id } }
  await show('clusters-get', { ...one, section: 'envelope' })
  await show('clusters-get', one)
  await show('clusters-credentials', one)
  await show('operations-get', { params: { operationId: operation } })
  await show('operations-cancel', { params: { operationId: operation }, query: { dryRun: 'true' }, status: 409 })
  await show('operations-list', one)

  await show('clusters-lock', one)
  await show('clusters-delete', { ...one, query: { dryRun: 'true' }, status: 409 })
  await show('clusters-unlock', one)
  await show('ports-open', { ...one, body: { ports: { featureStore: false, onlineFeatureStore: false, kafka: true, ssh: true } } })
  await until(async () => (await api.operations(id))[0]?.state === 'succeeded')
  await show('clusters-restart', one)
  await arrived(api, id, 'run', 'running')
  await show('agents-heartbeat', { key: agentKeyOf(world, id), body: heartbeat })
  await show('clusters-stop', one)
  await arrived(api, id, 'stop', 'stopped')
  await show('node-types-supported', { query: { cloud: 'AZURE', region: 'northeurope' } })
  await show('node-types-modify', { ...one, body: { nodeInfo: { nodeType: 'head', instanceType: 'Standard_D16_v3' } } })
  await show('clusters-start', { ...one, query: { dryRun: 'true' } })
  await show('clusters-start', one)
  await show('clusters-delete', one)
}

const begun = { state: 'pending', initializationStage: 'pending' }

const heartbeat = {
  firstHeartBeat: true,
  allocatedVcores: 4,
  pendingVcores: 0,
  allocatedMemoryMB: 16_384,
  pendingMemoryMB: 0,
  agent: { release: '1', nodeId: 'head', bootId: 'b1', state: 'ready', stage: 'ready', progress: 1, logTail: '' },
}

/** What lies in the boot data of the cluster's head. */
function agentKeyOf({ cloud }: Guide['world'], clusterId: string): string {
  for (const { hidden } of cloud.azure.resources.under(`/subscriptions/${cloud.landingZone.subscriptionId}`)) {
    const config = typeof hidden.customData === 'string' ? agentConfigOf(hidden.customData) : undefined
    if (config?.clusterId === clusterId) return config.key
  }
  throw new Error(`cluster ${clusterId} has no agent`)
}
