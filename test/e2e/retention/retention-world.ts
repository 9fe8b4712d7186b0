import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { ClientSecretCredential } from '@azure/identity'
import type { z } from 'zod'
import type { policySchema } from '../../../shared/retention/policy.ts'
import type { reportLineView, runView } from '../../../shared/retention/wire.ts'
import { type ClusterWorld, clusterWorld } from '../../cluster-world.ts'
import { basic, type RegistryClient, registryClient } from '../../local/cloud/container-registry/registry-world.ts'
import { requireSkopeo, type Skopeo, skopeoWith } from '../../local/cloud/container-registry/skopeo.ts'
import { simulatorClient } from '../../local/cloud/sdk.ts'
import { until } from '../../until.ts'

export type RunShown = z.output<typeof runView>
export type ReportLine = z.output<typeof reportLineView>
export type PolicyGiven = z.input<typeof policySchema>

const API = 'api-version=2023-07-01'
/** What AcrPull gives is waited for: it is assigned last. */
const ROLES = {
  Reader: 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
  AcrDelete: 'c2f4ef07-c644-48eb-af81-4b1b4947fb11',
  AcrPull: '7f951dda-4ed3-4680-a7ca-43fe172d538d',
}

/** A simulated registry, and what the API says about it once it is adopted. */
export interface RegistryUnderTest extends RegistryClient {
  readonly name: string
  readonly armId: string
  /** Id in the API. */
  readonly id: string
  readonly user: string
  readonly password: string
  seed(repository: string, ...groups: readonly object[]): Promise<void>
  digests(repository: string): Promise<readonly string[]>
  policy(policy: PolicyGiven): Promise<void>
  /** Starts a run and waits for its end. */
  run(options?: { dryRun?: boolean; brakeOff?: boolean }): Promise<RunShown>
  ended(runId: string): Promise<RunShown>
  report(runId: string): Promise<readonly ReportLine[]>
}

export interface RetentionWorld extends ClusterWorld {
  arm(method: string, path: string, body?: unknown): Promise<{ status: number; body: Readonly<Record<string, never>> }>
  /** Makes a registry in the simulated Azure, gives the app its roles on it and adopts it. */
  registry(
    name: string,
    options?: { sku?: string; properties?: object; policy?: PolicyGiven; tags?: object; adopt?: boolean },
  ): Promise<RegistryUnderTest>
  skopeo(registry: RegistryUnderTest): Skopeo
  /** A folder of its own. */
  readonly home: string
}

export async function retentionWorld(): Promise<RetentionWorld> {
  requireSkopeo()
  const world = await clusterWorld({ tlsPort: 0 })
  const home = mkdtempSync(path.join(tmpdir(), 'slipway-retention-'))
  const { cloud, api } = world
  const { you, tenantId, subscriptionId } = cloud.landingZone
  const owner = new ClientSecretCredential(tenantId, you.clientId, you.clientSecret, {
    httpClient: simulatorClient(cloud.url),
    disableInstanceDiscovery: true,
  })
  const arm: RetentionWorld['arm'] = async (method, target, body) => {
    const { token } = await owner.getToken('https://management.azure.com/.default')
    const init = { method, headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' } }
    const response = await fetch(`${cloud.url}${target}`, { ...init, ...(body !== undefined && { body: JSON.stringify(body) }) })
    const text = await response.text()
    return { status: response.status, body: text === '' ? {} : JSON.parse(text) }
  }

  async function made(name: string, { sku = 'Standard', properties, tags }: { sku?: string; properties?: object; tags?: object }) {
    const armId = `/subscriptions/${subscriptionId}/resourceGroups/slipway/providers/Microsoft.ContainerRegistry/registries/${name}`
    const path = (rest = '') => `${armId}${rest}?${API}`
    await arm('PUT', path(), { location: 'northeurope', sku: { name: sku }, tags, properties: { adminUserEnabled: true, ...properties } })
    await until(async () => JSON.stringify((await arm('GET', path())).body.properties).includes('"Succeeded"'))
    for (const role of Object.values(ROLES)) {
      const definition = `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${role}`
      const assigned = await arm(
        'PUT',
        `${armId}/providers/Microsoft.Authorization/roleAssignments/${cloud.azure.uuid()}?api-version=2022-04-01`,
        {
          properties: {
            roleDefinitionId: definition,
            principalId: cloud.landingZone.controlPlane.objectId,
            principalType: 'ServicePrincipal',
          },
        },
      )
      if (assigned.status !== 201) throw new Error(JSON.stringify(assigned.body))
    }
    const { username, passwords } = (await arm('POST', path('/listCredentials'))).body as unknown as {
      username: string
      passwords: [{ value: string }]
    }
    return { armId, user: username, password: passwords[0].value }
  }

  return {
    ...world,
    arm,
    home,
    skopeo: ({ user, password }) => skopeoWith({ proxy: cloud.url, caPath: cloud.caPath ?? '', home, user, password }),
    async registry(name, { policy, adopt = true, ...options } = {}) {
      const { armId, user, password } = await made(name, options)
      const client = registryClient(cloud.url, name, basic(user, password))
      const adopted =
        adopt && (await api.call<{ registry: { id: string } }>('POST', '/api/registries', { armId, ...(policy && { policy }) }))
      if (adopted && adopted.status !== 201) throw new Error(adopted.message)
      const id = adopted ? adopted.payload.registry.id : ''
      // A role takes effect a while after it was assigned.
      if (adopted) await until(async () => (await api.call('GET', `/api/registries/${id}/repositories`)).status === 200)
      const ended = (runId: string) =>
        until(async () => {
          const { run } = (await api.call<{ run: RunShown }>('GET', `/api/registries/${id}/runs/${runId}`)).payload
          return run.state === 'pending' || run.state === 'running' ? undefined : run
        }, 60)
      return {
        ...client,
        name,
        armId,
        id,
        user,
        password,
        ended,
        async seed(repository, ...groups) {
          const answer = await client.send('POST', '/_slipway/seed', { body: { repositories: [{ name: repository, groups }] }, as: null })
          if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
        },
        async digests(repository) {
          const { body } = await client.send('GET', `/acr/v1/${encodeURIComponent(repository)}/_manifests?n=1000`)
          return (body.manifests ?? []).map(({ digest }: { digest: string }) => digest)
        },
        async policy(policy) {
          const answer = await api.call('PUT', `/api/registries/${id}/policy`, policy)
          if (answer.status !== 200) throw new Error(answer.message)
        },
        async run({ dryRun = false, brakeOff = false } = {}) {
          const started = await api.call<{ run: string }>('POST', `/api/registries/${id}/runs${dryRun ? '?dryRun=true' : ''}`, { brakeOff })
          if (started.status !== 202) throw new Error(started.message)
          return ended(started.payload.run)
        },
        async report(runId) {
          const { payload } = await api.call<{ manifests: readonly ReportLine[] }>('GET', `/api/registries/${id}/runs/${runId}/report`)
          return payload.manifests
        },
      }
    },
    async end() {
      await world.end()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
