import { deadLetterId } from '../../../shared/notifications/deliver.ts'
import { putDeadLetter } from '../../../shared/notifications/webhook-store.ts'
import { connectStorage } from '../../../shared/storage/connection.ts'
import { createTables } from '../../../shared/storage/tables.ts'
import { arrived } from '../../e2e/journeys/stage.ts'
import { until } from '../../until.ts'
import { small } from './cluster-examples.ts'
import { ended, moving } from './ended.ts'
import type { Guide } from './guide.ts'

const entry = {
  version: '3.10.0',
  upgradableFromVersion: '3.9.0',
  images: [{ os: 'ubuntu', urn: 'Canonical:0001-com-ubuntu-server-focal:20_04-lts-gen2:latest' }],
  releaseNotesUrl: 'https://docs.hopsworks.ai',
  install: { command: ['/opt/install'], check: ['/opt/check'], user: 'hopsworks', timeoutSeconds: 3600, password: ['/opt/password'] },
  upgrade: { command: ['/opt/upgrade'], check: ['/opt/check'], user: 'hopsworks', timeoutSeconds: 3600 },
  health: { api: ['/opt/check'] },
}

/** The catalogue; and an upgrade that Azure refuses half-way, and that is rolled back. */
export async function upgradeExamples({ show, world }: Guide): Promise<void> {
  const { api } = world
  await show('clusters-hopsworks-versions', { params: { cloud: 'AZURE' } })
  await show('versions-list')
  const id = await api.create({ name: 'upgraded', blobContainerName: 'upgraded', version: '3.8.0', ...small })
  await arrived(api, id, 'run', 'running')
  const one = { params: { clusterId: id } }
  await show('clusters-upgrade', { ...one, query: { dryRun: 'true' }, body: { version: '3.9.0' } })
  world.cloud.setFaults({ rules: [{ match: { operation: 'Microsoft.Compute/disks/write', path: '/upgraded-' }, fault: 'deny' }] })
  const { operation = '' } = await show('clusters-upgrade', { ...one, body: { version: '3.9.0' } })
  await ended(api, operation)
  await show('operations-get', { params: { operationId: operation } })
  await show('operations-retry', { params: { operationId: operation }, query: { dryRun: 'true' } })
  // As long as nobody grants the right it fails again.
  await show('operations-retry', { params: { operationId: operation }, unsteady: { ...moving, state: 'pending' } })
  await ended(api, operation)
  world.cloud.setFaults({ rules: [] })
  await show('clusters-upgrade-rollback', one)
  await arrived(api, id, 'stop', 'stopped')
}

/** The last: a cluster that could have a newer version is told, and whoever wants to know. */
export async function notificationExamples({ show, world }: Guide): Promise<void> {
  const { api, storage } = world
  const webhook = await show('webhooks-create', { body: { url: 'https://hooks.example.org/slipway' } })
  await show('webhooks-list')
  await show('webhooks-remove', { params: { id: webhook.id ?? '' } })

  await show('versions-put', { body: entry })
  const told = await until(async () => {
    const { payload } = await api.call<{ notifications: readonly { id: string }[] }>('GET', '/api/notifications')
    return payload.notifications[0]
  })
  await show('notifications-list')

  const tables = createTables(connectStorage({ connectionString: storage }), 'slipway')
  // Nobody listens there.
  const { id: webhookId } = (await api.call<{ id: string }>('POST', '/api/webhooks', { url: 'http://127.0.0.1:9/' })).payload
  const lost = { webhookId, notificationId: told.id, attempts: 10, error: 'HTTP 503', failedOn: 1_767_225_600 }
  const letter = { params: { id: deadLetterId(lost) } }
  const giveUp = () => putDeadLetter({ tables }, { id: deadLetterId(lost), ...lost })
  await giveUp()
  await show('dead-letters-list')
  await show('dead-letters-retry', letter)
  await giveUp()
  await show('dead-letters-remove', letter)
  await show('versions-retire', { params: { version: entry.version } })
}
