import type { Guide } from './guide.ts'

/** What an administrator does before there are clusters. */
export async function adminExamples({ show, world }: Guide): Promise<void> {
  await show('health', { key: null })
  await show('openapi', { key: null })
  await show('keys-list', { key: 'swk_wrong', status: 403, section: 'refusal' })
  await show('keys-list')
  await show('keys-create', { body: { name: 'pipeline', role: 'king' }, status: 400, section: 'errors' })
  const { id: keyId = '' } = await show('keys-create', { body: { name: 'pipeline', role: 'operator', expiresInDays: 90 } })
  await show('keys-revoke', { params: { keyId } })

  await show('accounts-list')
  await show('accounts-guide', { query: { credential: 'managed-identity' } })
  const { subscriptionId, tenantId } = world.cloud.landingZone
  const account = { name: 'research', subscriptionId, tenantId, credential: 'managed-identity' }
  const made = await show<{ account: { id: string } }>('accounts-create', { body: account })
  const one = { params: { accountId: made.account.id } }
  await show('accounts-read', one)
  await show('accounts-update', { ...one, body: { ...account, name: 'research and development' } })
  await show('accounts-delete', one)
  const first = { accountId: 'default' }
  await show('accounts-check', { params: first, query: { resourceGroup: 'slipway' } })
  await show('accounts-choices', { params: { ...first, kind: 'virtual-networks' }, query: { resourceGroup: 'network' } })
  const dry = { dryRun: 'true' }
  await show('accounts-providers', { params: first, query: dry, body: {} })
  const wanted = { resourceGroup: 'slipway', storageAccount: 'researchstorage', identity: 'research-identity' }
  await show('accounts-setup', { params: first, query: dry, body: wanted })
  await show('accounts-ssh-keys', { params: first, query: dry, body: { resourceGroup: 'slipway', name: 'research-key' } })
  await show('accounts-operations', { params: first })

  await show('permissions-features')
  await show('permissions-control-plane', { query: { features: 'network,publicIp,backup' } })
  await show('permissions-cluster-identity')
}
