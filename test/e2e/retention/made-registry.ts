import { randomUUID } from 'node:crypto'
import { ClientSecretCredential } from '@azure/identity'
import type { LandingZone } from '../../../local/cloud/landing-zone.ts'
import { basic, type RegistryClient, registryClient } from '../../local/cloud/container-registry/registry-world.ts'
import { simulatorClient } from '../../local/cloud/sdk.ts'
import { until } from '../../until.ts'

/** Asks ARM as the Owner of the subscription. */
export type Arm = (method: string, target: string, body?: unknown) => Promise<{ status: number; body: unknown }>

export function armOf(url: string, { you, tenantId }: LandingZone): Arm {
  const options = { httpClient: simulatorClient(url), disableInstanceDiscovery: true }
  const owner = new ClientSecretCredential(tenantId, you.clientId, you.clientSecret, options)
  return async (method, target, body) => {
    const { token } = await owner.getToken('https://management.azure.com/.default')
    const init = { method, headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' } }
    const response = await fetch(`${url}${target}`, { ...init, ...(body !== undefined && { body: JSON.stringify(body) }) })
    const text = await response.text()
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
  }
}

export interface RegistryOptions {
  readonly sku?: string
  readonly properties?: object
  readonly tags?: object
  /** Resource group; that of the app unless given. */
  readonly group?: string
  /** Those of the app, in place of the usual ones. */
  readonly roles?: readonly Role[]
}

/** A registry in the simulated Azure, spoken to as its admin. */
export interface MadeRegistry extends RegistryClient {
  readonly name: string
  readonly armId: string
  readonly user: string
  readonly password: string
  seed(repository: string, ...groups: readonly object[]): Promise<void>
  digests(repository: string): Promise<readonly string[]>
}

const API = 'api-version=2023-07-01'

export async function makeRegistry(
  url: string,
  arm: Arm,
  zone: LandingZone,
  name: string,
  options: RegistryOptions = {},
): Promise<MadeRegistry> {
  const { sku = 'Standard', properties, tags, group = 'slipway' } = options
  const armId = `/subscriptions/${zone.subscriptionId}/resourceGroups/${group}/providers/Microsoft.ContainerRegistry/registries/${name}`
  const target = (rest = '') => `${armId}${rest}?${API}`
  await arm('PUT', target(), { location: 'northeurope', sku: { name: sku }, tags, properties: { adminUserEnabled: true, ...properties } })
  await until(async () => JSON.stringify((await arm('GET', target())).body).includes('"provisioningState":"Succeeded"'))
  const { body } = await arm('POST', target('/listCredentials'))
  const { username, passwords } = body as { username: string; passwords: [{ value: string }] }
  const client = registryClient(url, name, basic(username, passwords[0].value))
  return {
    ...client,
    name,
    armId,
    user: username,
    password: passwords[0].value,
    async seed(repository, ...groups) {
      const answer = await client.send('POST', '/_slipway/seed', { body: { repositories: [{ name: repository, groups }] }, as: null })
      if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
    },
    async digests(repository) {
      const { body } = await client.send('GET', `/acr/v1/${encodeURIComponent(repository)}/_manifests?n=1000`)
      return (body.manifests ?? []).map(({ digest }: { digest: string }) => digest)
    },
  }
}

/** Built-in roles by their names [learn: built-in-roles]. */
export const roles = {
  Contributor: 'b24988ac-6180-42a0-ab88-20f7382dd24c',
  Reader: 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
  AcrPull: '7f951dda-4ed3-4680-a7ca-43fe172d538d',
  AcrDelete: 'c2f4ef07-c644-48eb-af81-4b1b4947fb11',
  'Container Registry Repository Reader': 'b93aa761-3e63-49ed-ac28-beffa264f7ac',
  'Container Registry Repository Contributor': '2efddaa5-3f1f-4df3-97df-af3f13818f4c',
  'Container Registry Repository Catalog Lister': 'bfdb9389-c9a5-478a-bb2f-ba9ca092c3c7',
} as const
export type Role = keyof typeof roles

/** What a registry's page in the documentation asks for; what the last of them gives is waited for by the tests. */
export const retentionRoles: readonly Role[] = ['Reader', 'AcrDelete', 'AcrPull']

/** Gives the app a role at a registry, which takes effect a while later. Answers what takes it away again. */
export async function assignRole(arm: Arm, zone: LandingZone, armId: string, role: Role, condition?: string): Promise<() => Promise<void>> {
  const assignment = `${armId}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}?api-version=2022-04-01`
  const assigned = await arm('PUT', assignment, {
    properties: {
      roleDefinitionId: `/subscriptions/${zone.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${roles[role]}`,
      principalId: zone.controlPlane.objectId,
      principalType: 'ServicePrincipal',
      ...(condition !== undefined && { condition, conditionVersion: '2.0' }),
    },
  })
  if (assigned.status !== 201) throw new Error(JSON.stringify(assigned.body))
  return async () => {
    const { status } = await arm('DELETE', assignment)
    if (status !== 200) throw new Error(`The role stays: ${status}`)
  }
}
