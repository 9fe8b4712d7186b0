import { putBlob } from '../../../local/cloud/storage/blob-store.ts'
import type { Choices } from '../../../shared/accounts/choices.ts'
import { azureUsers } from '../../../shared/azure-users.ts'
import { usualFeatures } from '../../../shared/permissions/features.ts'
import { controlPlaneRoles } from '../../../shared/permissions/roles.ts'
import type { ShownRole } from '../../../shared/permissions/wire.ts'
import type { Finding } from '../../../shared/preflight/finding.ts'
import type { Report } from '../../../shared/preflight/preflight.ts'
import { createRequest } from '../../e2e/api.ts'
import { stage } from '../../e2e/journeys/stage.ts'
import { accountWith } from '../../e2e/permissions/principals.ts'

const here = stage()

/** Features that the landing zone's roles are made for. */
const HERE = 'network,publicIp,ports,backup,upgrade,aks,acr,pickLists,preflight'

async function preflight(changes: Record<string, unknown> = {}): Promise<Report> {
  const answer = await here.api.call<Report>('POST', '/api/preflight', createRequest(here.small(changes)))
  expect(answer).toMatchObject({ code: 200 })
  return answer.payload
}

/** A single node with 32 GB of memory. */
const withDataDisk = (diskSize: number) => ({
  ...(createRequest().cluster.ronDB as object),
  ndbd: { instanceType: 'Standard_E4_v3', diskSize, count: 1 },
})

const result = ({ checks }: Report, check: Finding['check']) => checks.find((known) => known.check === check)?.result

test('a creation that can succeed is ready, and has a price', async () => {
  const report = await preflight()
  expect(report.findings).toEqual([])
  expect(report).toMatchObject({
    ready: true,
    price: {
      estimate: true,
      currency: 'USD',
      complete: true,
      source: expect.stringContaining('prices.azure.com'),
      date: expect.any(String),
    },
  })
  expect(new Set(report.checks.map((check) => check.result))).toEqual(new Set(['passed']))
  expect(report.price.perMonth).toBeGreaterThan(report.price.perMonthStopped)
})

test('a dry run tells what the preflight finds, and the price', async () => {
  const { payload } = await here.api.call('POST', '/api/clusters?dryRun=true', createRequest(here.small({ managedIdentity: 'nobody' })))
  expect(payload).toMatchObject({
    plan: { seconds: expect.any(Number) },
    preflight: { ready: false, findings: [{ check: 'given', remedy: expect.stringContaining('az identity create') }] },
  })
})

test.each([
  ['version', { version: '1.0.0' }, { check: 'request', field: 'cluster.version' }],
  [
    'size',
    { clusterConfiguration: { head: { instanceType: 'Standard_X9', diskSize: 256 }, workers: [] } },
    { check: 'size', message: expect.stringContaining('Standard_X9') },
  ],
  [
    'disk of data nodes',
    { ronDB: withDataDisk(97) },
    { check: 'size', field: 'cluster.ronDB.ndbd.diskSize', message: expect.stringContaining('98 GB') },
  ],
  ['SSH key', { sshKeyName: 'nobody' }, { check: 'given', remedy: expect.stringContaining('az sshkey create') }],
  ['storage account', { storageAccount: 'nobody' }, { check: 'given', remedy: expect.stringContaining('az storage account create') }],
  ['registry', { acrRegistryName: 'nobodysregistry' }, { check: 'given', remedy: expect.stringContaining('az acr create') }],
  ['Kubernetes cluster', { aksClusterName: 'nobody' }, { check: 'given', remedy: expect.stringContaining('az aks list') }],
])('a wrong %s is found', async (_what, changes, finding) => {
  const report = await preflight(changes)
  expect(report.ready).toBe(false)
  expect(report.findings).toContainEqual(expect.objectContaining({ severity: 'error', ...finding }))
})

test('a cluster is refused whose data nodes cannot keep their memory on their disks', async () => {
  // The sizes of the location become known.
  await here.api.call('GET', '/api/clusters/nodes/supported-types?cloud=AZURE&region=northeurope')
  const changes = here.small({ ronDB: withDataDisk(97) })
  expect(await here.api.call('POST', '/api/clusters', createRequest(changes))).toMatchObject({
    code: 400,
    error: { field: 'cluster.ronDB.ndbd.diskSize' },
    message: expect.stringContaining('at least 98 GB on Standard_E4_v3'),
  })
  expect((await preflight({ ronDB: withDataDisk(98) })).ready).toBe(true)
})

test('a name that is taken is found', async () => {
  const cluster = await here.created()
  const report = await preflight({ name: cluster.name })
  expect(report.findings).toContainEqual(expect.objectContaining({ check: 'name', severity: 'error', field: 'cluster.name' }))
  await here.terminated(cluster.id)
}, 60_000)

test('a container with data in it is found', async () => {
  const { azure, landingZone } = here.world.cloud
  const cluster = await here.created({ blobContainerName: 'full-of-data' })
  await here.terminated(cluster.id)
  const blob = { content: Buffer.from('data'), contentType: 'text/plain', metadata: {} }
  azure.change(() => putBlob(azure, [landingZone.storageAccount, 'full-of-data', 'data'], blob))
  const report = await preflight({ blobContainerName: 'full-of-data' })
  expect(report.findings).toContainEqual(expect.objectContaining({ check: 'given', message: expect.stringContaining('is not empty') }))
}, 60_000)

test('a quota that does not suffice is found, with what is used and what is needed', async () => {
  await here.turn('quota', { location: 'northeurope', name: 'standardDSv4Family', limit: 1 })
  const report = await preflight()
  await here.turn('quota', { location: 'northeurope', name: 'standardDSv4Family', limit: null })
  expect(result(report, 'quota')).toBe('failed')
  expect(report.findings[0]?.message).toMatch(/quota .*DSv4.* in northeurope is 1, 0 of it used; the cluster needs 2/)
})

test('a network of the cluster that overlaps another one of the group is told of', async () => {
  const { landingZone } = here.world.cloud
  const { resourceGroup } = landingZone.existingNetwork
  const id = `/subscriptions/${landingZone.subscriptionId}/resourceGroups/${landingZone.resourceGroup}/providers/Microsoft.Network/virtualNetworks/hub`
  const { azure } = here.world.cloud
  azure.change(() =>
    azure.resources.put({
      id,
      name: 'hub',
      type: 'Microsoft.Network/virtualNetworks',
      location: landingZone.location,
      provisioningState: 'Succeeded',
      properties: { addressSpace: { addressPrefixes: ['10.0.128.0/24'] }, subnets: [] },
      envelope: {},
      hidden: {},
    }),
  )
  const report = await preflight()
  azure.change(() => azure.resources.delete(id))
  expect(report).toMatchObject({ ready: true, findings: [{ check: 'network', severity: 'warning', resource: id }] })
  expect(resourceGroup).not.toBe(landingZone.resourceGroup)
})

test.each([
  ['Slipway control plane', 'Microsoft.Network/networkInterfaces/write', 'permissions'],
  ['Slipway control plane', 'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action', 'permissions'],
  ['Slipway control plane', 'Microsoft.Authorization/roleAssignments/read', 'identity'],
  ['Slipway offers', 'Microsoft.Compute/skus/read', 'quota'],
  ['Slipway offers', 'Microsoft.Resources/subscriptions/providers/read', 'providers'],
  ['Hopsworks cluster', 'Microsoft.ContainerRegistry/registries/push/write', 'identity'],
  ['Hopsworks cluster', 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write', 'identity'],
])('a role %s without %s is found before anything is made', async (roleName, action, check) => {
  const { roles } = (await (await fetch(`${here.world.cloud.url}/_slipway/roles`)).json()) as {
    roles: { roleName: string; permissions: unknown }[]
  }
  expect(roles.map((role) => role.roleName)).toContain(roleName)
  const { azure } = here.world.cloud
  const role = azure.resources.ofType('Microsoft.Authorization/roleDefinitions').find(({ properties }) => properties.roleName === roleName)
  if (!role) throw new Error(roleName)
  await here.turn('roles', { roleName, remove: [action] })
  const report = await preflight()
  azure.change(() => azure.resources.put(role))
  expect(report.findings.filter((finding) => finding.check === check)).toEqual([expect.objectContaining({ actions: [action] })])
})

test("an image of one's own that is not there, or that the app may not read, is found", async () => {
  const { subscriptionId, existingNetwork } = here.world.cloud.landingZone
  const group = `/subscriptions/${subscriptionId}/resourceGroups/${existingNetwork.resourceGroup}`
  const image = `${group}/providers/Microsoft.Compute/galleries/own/images/hopsworks/versions/1.0.0`
  const version = { version: '9.0.0', images: [{ os: 'ubuntu', id: image, bringsHopsworks: true }] }
  expect(await here.api.call('POST', '/api/versions', version)).toMatchObject({ code: 200 })

  const absent = await preflight({ version: '9.0.0' })
  expect(absent).toMatchObject({ ready: false, findings: [{ check: 'given', severity: 'error', resource: image }] })

  here.put(image, 'Microsoft.Compute/galleries/images/versions')
  expect(await preflight({ version: '9.0.0' })).toMatchObject({ ready: true, findings: [] })

  const action = 'Microsoft.Compute/galleries/images/versions/read'
  await here.turn('roles', { roleName: 'Slipway control plane', remove: [action] })
  const forbidden = await preflight({ version: '9.0.0', sshKeyName: 'nobody' })
  await here.turn('roles', { roleName: 'Slipway control plane', add: [action] })
  const lacking = { check: 'permissions', severity: 'error', actions: [action], scope: image }
  expect(forbidden.findings).toContainEqual(expect.objectContaining(lacking))
  expect(forbidden.findings).toContainEqual(expect.objectContaining({ check: 'given', message: expect.stringContaining('nobody') }))
  expect(await here.api.call('DELETE', '/api/versions/9.0.0')).toMatchObject({ code: 200 })
})

async function choices(kind: string, query = ''): Promise<Choices> {
  const answer = await here.api.call<Choices>('GET', `/api/accounts/default/choices/${kind}${query}`)
  expect(answer).toMatchObject({ code: 200 })
  return answer.payload
}

test('pick lists show what there is to choose from', async () => {
  const names = async (kind: string, query?: string) => (await choices(kind, query)).items.map(({ name }) => name)
  expect(new Set(await names('resource-groups'))).toEqual(new Set(['network', 'slipway']))
  expect(await names('locations')).toContain('northeurope')
  expect(await names('storage-accounts', '?resourceGroup=slipway')).toEqual(['slipwaystorage'])
  expect(await names('identities', '?resourceGroup=slipway')).toEqual(['hopsworks-identity'])
  expect(await names('ssh-keys')).toEqual(['slipway-key'])
  expect(await names('registries', '?resourceGroup=slipway')).toEqual(['slipwayregistry'])
  expect((await choices('virtual-networks', '?resourceGroup=network')).items).toMatchObject([
    { name: 'existing-vnet', subnets: [{ name: 'default', prefix: '10.1.0.0/20' }] },
  ])
  await here.turn('quota', { location: 'northeurope', name: 'standardDSv4Family', limit: 9 })
  const { items } = await choices('sizes', '?location=northeurope')
  await here.turn('quota', { location: 'northeurope', name: 'standardDSv4Family', limit: null })
  expect(items).toContainEqual({ name: 'Standard_D4s_v4', vCpus: 4, memory: 16, withNVMe: false, left: 2 })
})

test.each([
  ['is out of order', { fault: 'error', status: 503 }],
  ['throttles', { fault: 'throttle', retryAfter: 1 }],
  ['hangs up', { fault: 'reset' }],
])('nobody who asks for a list notices that Azure %s for a moment', async (_, fault) => {
  const match = { path: '/subscriptions/[^/]*/resourceGroups/slipway/', method: 'GET' }
  const mend = here.spoil({ match: { ...match, times: 2 }, ...fault })
  expect(await choices('storage-accounts', '?resourceGroup=slipway')).toMatchObject({ items: [{ name: 'slipwaystorage' }] })
  mend()
})

test('who asks for a list while Azure is away for longer is told so', async () => {
  const mend = here.spoil({ match: { path: '/resourceGroups/slipway/' }, fault: 'error', status: 503 })
  const answer = await here.api.call('GET', '/api/accounts/default/choices/storage-accounts?resourceGroup=slipway')
  mend()
  expect(answer).toMatchObject({ code: 503, error: { code: 'transient' } })
})

test('a list that is empty for want of a permission names it, one that is empty otherwise does not', async () => {
  expect(await choices('storage-accounts', '?resourceGroup=network')).toEqual({ items: [] })
  expect(await choices('kubernetes-clusters')).toMatchObject({
    missing: { scope: `/subscriptions/${here.world.cloud.landingZone.subscriptionId}` },
  })
  await here.turn('roles', { roleName: 'Slipway control plane', remove: ['Microsoft.Compute/sshPublicKeys/read'] })
  const empty = await choices('ssh-keys', '?resourceGroup=slipway')
  await here.turn('roles', { roleName: 'Slipway control plane', add: ['Microsoft.Compute/sshPublicKeys/read'] })
  expect(empty).toMatchObject({ items: [], missing: { action: 'Microsoft.Compute/sshPublicKeys/read' } })
})

test('a resource group that is not there is the field at fault, not a missing account', async () => {
  const { tenantId, subscriptionId, you } = here.world.cloud.landingZone
  const owner = {
    name: 'owner',
    tenantId,
    subscriptionId,
    credential: 'client-secret',
    clientId: you.clientId,
    clientSecret: you.clientSecret,
  }
  const { payload } = await here.api.call<{ account: { id: string } }>('POST', '/api/accounts', owner)
  const nowhere = await here.api.call('GET', `/api/accounts/${payload.account.id}/choices/identities?resourceGroup=nowhere`)
  expect(nowhere).toMatchObject({ code: 400, error: { field: 'resourceGroup' } })
  expect(await here.api.call('GET', '/api/accounts/default/choices/sizes')).toMatchObject({ code: 400, error: { field: 'location' } })
  expect(await here.api.call('GET', '/api/accounts/default/choices/boats')).toMatchObject({ code: 400, error: { field: 'kind' } })
  expect(await here.api.call('GET', '/api/accounts/nobody/choices/locations')).toMatchObject({ code: 404 })
})

test('an account is checked: what is missing is told with the command that makes it', async () => {
  const check = (query: string, id = 'default') => here.api.call('GET', `/api/accounts/${id}/check${query}`)
  expect((await check(`?resourceGroup=slipway&features=${HERE}`)).payload).toEqual({ ready: true, findings: [] })
  expect((await check('?resourceGroup=network')).payload).toMatchObject({
    ready: false,
    findings: expect.arrayContaining([
      expect.objectContaining({
        check: 'given',
        remedy: expect.stringMatching(/^az sshkey create --resource-group network --name <name>, or .*ssh-keys$/),
      }),
    ]),
  })
  const { tenantId, subscriptionId, controlPlane } = here.world.cloud.landingZone
  const body = {
    name: 'wrong',
    tenantId,
    subscriptionId,
    credential: 'client-secret',
    clientId: controlPlane.clientId,
    clientSecret: 'wrong',
  }
  const { payload } = await here.api.call<{ account: { id: string } }>('POST', '/api/accounts', body)
  expect((await check('', payload.account.id)).payload).toMatchObject({
    ready: false,
    findings: [{ check: 'permissions', remedy: expect.stringContaining('az ad app credential reset') }],
  })
  await here.api.call('PUT', `/api/accounts/${payload.account.id}`, { ...body, clientSecret: controlPlane.clientSecret })
  expect((await check(`?resourceGroup=slipway&features=${HERE}`, payload.account.id)).payload).toMatchObject({ ready: true })
})

test('an account that lacks what every cluster or a named feature takes is not ready, what others lack is told, and the subscription is looked at too', async () => {
  const { subscriptionId } = here.world.cloud.landingZone
  const subscription = `/subscriptions/${subscriptionId}`
  const check = async (role: Pick<ShownRole, 'actions' | 'dataActions' | 'scopes'>, query: string) => {
    const account = await accountWith(here.api, here.world.cloud, [role])
    const { payload } = await here.api.call<{ ready: boolean; findings: Finding[] }>('GET', `/api/accounts/${account}/check${query}`)
    const lacking = payload.findings.filter(({ check }) => check === 'permissions')
    return { ready: payload.ready, lacking }
  }
  const whole = controlPlaneRoles(azureUsers, { features: usualFeatures, scopes: [subscription] })[0]
  const without = (...missing: readonly string[]) => ({
    actions: whole?.actions.filter((action) => !missing.includes(action)) ?? [],
    dataActions: [...(whole?.dataActions ?? [])],
    scopes: [subscription],
  })
  const group = `${subscription}/resourceGroups/slipway`

  const essential = ['Microsoft.Compute/disks/write', 'Microsoft.Compute/virtualMachines/write']
  for (const query of ['?resourceGroup=slipway', '?resourceGroup=slipway&features=network,publicIp'])
    expect(await check(without(...essential), query)).toMatchObject({
      ready: false,
      lacking: [{ severity: 'error', actions: essential, scope: group }],
    })

  const quotas = without('Microsoft.Compute/skus/read', 'Microsoft.Compute/snapshots/write')
  expect(await check(quotas, '?resourceGroup=slipway')).toMatchObject({
    ready: true,
    lacking: [
      { severity: 'warning', actions: ['Microsoft.Compute/snapshots/write'], scope: group },
      { severity: 'warning', actions: ['Microsoft.Compute/skus/read'], scope: subscription },
    ],
  })
  expect(await check(quotas, '?features=preflight')).toMatchObject({
    ready: false,
    lacking: [{ severity: 'error', actions: ['Microsoft.Compute/skus/read'], scope: subscription }],
  })
})

test('a request that is malformed is refused, not reported', async () => {
  expect(await here.api.call('POST', '/api/preflight', createRequest({ name: '' }))).toMatchObject({
    code: 400,
    error: { field: 'cluster.name' },
  })
})
