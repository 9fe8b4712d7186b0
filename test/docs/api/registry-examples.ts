import { armOf, assignRole, makeRegistry, retentionRoles } from '../../e2e/retention/made-registry.ts'
import { until } from '../../until.ts'
import type { Guide } from './guide.ts'

interface Adopted {
  readonly registry: { readonly id: string }
}

/** A registry that is adopted, looked into, cleaned, and forgotten. */
export async function registryExamples({ show, world }: Guide): Promise<void> {
  const { api, cloud } = world
  const { landingZone: zone, url } = cloud
  const arm = armOf(url, zone)
  const made = await makeRegistry(url, arm, zone, 'images', { sku: 'Premium' })
  for (const role of retentionRoles) await assignRole(arm, zone, made.armId, role)
  await made.seed('app', { tag: 'v', count: 2 }, { count: 1, age: 30 })
  await made.seed('tools', { tag: 'v' })

  const { registry } = await until(async () => {
    const answer = await api.call<Adopted>('POST', '/api/registries?dryRun=true', { armId: made.armId })
    return answer.status === 200 ? answer.payload : undefined
  })
  await show('registries-adopt', { body: { armId: made.armId } })
  const one = { params: { registryId: registry.id } }
  // A role takes effect a while after it was assigned.
  await until(async () => (await api.call('GET', `/api/registries/${registry.id}/repositories`)).status === 200)
  await show('registries-list')
  await show('registries-get', one)
  await show('registries-change', { ...one, body: { authentication: 'entra' } })
  await show('registries-policy-get', one)
  const old = { name: 'old', untaggedDays: 7, minimumAgeDays: 1 }
  await show('registries-policy-set', {
    ...one,
    body: { backlog: 'push-time', rules: [old], brake: { manifests: 100, share: 1 } },
  })
  await show('registries-policy-change', { ...one, body: { mode: 'enforce' } })
  await show('registries-built-in-policy-get', one)
  await show('registries-built-in-policy-set', { ...one, query: { dryRun: 'true' }, body: { days: 7, status: 'enabled' } })
  await show('registries-storage', one)
  await show('registries-repositories', one)
  await show('registries-manifests', { ...one, query: { repository: 'tools' } })
  await show('registries-tags', { ...one, query: { repository: 'tools' } })

  await show('retention-runs-start', { ...one, query: { dryRun: 'true' }, body: {} })
  await idle(registry.id)
  const { run: runId = '' } = await show('retention-runs-start', { ...one, body: {} })
  await idle(registry.id)
  const run = { params: { ...one.params, runId } }
  await show('retention-runs-list', { ...one, query: { limit: '1' } })
  await show('retention-runs-get', run)
  await show('retention-runs-repositories', run)
  await show('retention-runs-report', run)
  await show('retention-runs-report-csv', run)
  await show('registries-forget', one)

  async function idle(id: string): Promise<void> {
    await until(async () => {
      const { payload } = await api.call<{ runs: readonly { state: string }[] }>('GET', `/api/registries/${id}/runs`)
      return payload.runs.every(({ state }) => state !== 'pending' && state !== 'running')
    }, 60)
  }
}
