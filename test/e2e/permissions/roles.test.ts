import type { Choices } from '../../../shared/accounts/choices.ts'
import { azureUsers } from '../../../shared/azure-users.ts'
import type { Feature } from '../../../shared/permissions/features.ts'
import { controlPlaneRoles } from '../../../shared/permissions/roles.ts'
import type { ShownRole } from '../../../shared/permissions/wire.ts'
import type { Report } from '../../../shared/preflight/preflight.ts'
import { createRequest } from '../api.ts'
import { askBackup, backupEnded } from '../backups/backups.ts'
import { stage } from '../journeys/stage.ts'
import { type WAITERS, waitFor } from '../waiters.ts'
import { accountWith } from './principals.ts'

const here = stage()

/** What the simulated Azure can be asked for by the journeys below. */
const FEATURES: readonly Feature[] = [
  'network',
  'publicIp',
  'ports',
  'backup',
  'upgrade',
  'aks',
  'acr',
  'ownImages',
  'pickLists',
  'preflight',
]

/** The ids are fixed, so that there is a test for each action before the world is there. */
const SUBSCRIPTION = '/subscriptions/00000000-0000-0000-0000-00000000510e'
const scopes = [`${SUBSCRIPTION}/resourceGroups/slipway`, `${SUBSCRIPTION}/resourceGroups/network`]
const roles = controlPlaneRoles(azureUsers, { features: FEATURES, scopes })
const rolesWithoutUpgrades = controlPlaneRoles(azureUsers, { features: FEATURES.filter((feature) => feature !== 'upgrade'), scopes })

/** The action that Azure refused, or undefined where all went well. */
type Journey = (accountId: string) => Promise<string | undefined>

/** The cluster shows that it has failed a moment before its operation does. */
const ended = async (id: string) => here.settled((await here.latestOperation(id)).id)

async function sent(method: string, path: string, id: string, kind: keyof typeof WAITERS, body?: unknown): Promise<string | undefined> {
  const answer = await here.api.call(method, `/api/clusters/${id}${path}`, body)
  if (answer.code >= 300) return answer.error?.action ?? answer.message
  const { end, cluster } = await waitFor(here.api, id, kind)
  if (['running', 'stopped', 'gone'].includes(end)) return undefined
  return (await ended(id)).problem?.action ?? cluster?.errorMessage ?? end
}

async function created(accountId: string, changes: Record<string, unknown>): Promise<{ id: string; refused: string | undefined }> {
  const { payload, code, message } = await here.api.call<{ id: string }>('POST', '/api/clusters', {
    ...createRequest(here.small(changes)),
    accountId,
  })
  if (code !== 202) throw new Error(message)
  const { end, cluster } = await waitFor(here.api, payload.id, 'run')
  if (end === 'running') return { id: payload.id, refused: undefined }
  return { id: payload.id, refused: (await ended(payload.id)).problem?.action ?? cluster?.errorMessage ?? end }
}

const ports = (ssh: boolean) => ({ ports: { featureStore: false, onlineFeatureStore: false, kafka: false, ssh } })
const workers = { workers: [{ instanceType: 'Standard_D2s_v4', diskSize: 128, count: 1 }] }

const life: Journey = async (accountId) => {
  const { id, refused } = await created(accountId, { attachPublicIP: true })
  return (
    refused ??
    (await sent('POST', '/ports', id, 'run', ports(true))) ??
    (await sent('POST', '/workers', id, 'run', workers)) ??
    (await sent('DELETE', '/workers', id, 'run', workers)) ??
    (await sent('PUT', '/restart', id, 'run')) ??
    (await sent('PUT', '/stop', id, 'stop')) ??
    (await sent('PUT', '/start', id, 'run')) ??
    (await sent('DELETE', '', id, 'delete'))
  )
}

/** Images of one's own by the versions of the catalogue that are made from them. */
const images = {
  '9.0.1': 'images/hopsworks',
  '9.0.2': 'galleries/own/images/hopsworks',
  '9.0.3': 'galleries/own/images/hopsworks/versions/9.0.3',
}

const givenNetwork: Journey = async (accountId) => {
  const { resourceGroup, virtualNetwork, subnet, networkSecurityGroup } = here.world.cloud.landingZone.existingNetwork
  const { id, refused } = await created(accountId, {
    version: '9.0.3',
    attachPublicIP: false,
    networkResourceGroup: resourceGroup,
    virtualNetworkName: virtualNetwork,
    subnetName: subnet,
    securityGroupName: networkSecurityGroup,
  })
  return (
    refused ??
    (await sent('POST', '/ports', id, 'run', ports(true))) ??
    (await sent('POST', '/ports', id, 'run', ports(false))) ??
    (await sent('DELETE', '', id, 'delete'))
  )
}

/** A container that is there already is looked into. */
const givenContainer: Journey = async (accountId) => {
  const { id, refused } = await created(accountId, { version: '9.0.2', blobContainerName: 'given', aksClusterName: 'given' })
  return refused ?? sent('DELETE', '', id, 'delete')
}

const managedImage: Journey = async (accountId) => {
  const { id, refused } = await created(accountId, { version: '9.0.1', attachPublicIP: false })
  return refused ?? sent('DELETE', '', id, 'delete')
}

const upgraded: Journey = async (accountId) => {
  const { id, refused } = await created(accountId, { version: '3.8.0', attachPublicIP: false })
  return refused ?? (await sent('POST', '/upgrade', id, 'upgrade', { version: '3.9.0' })) ?? (await sent('DELETE', '', id, 'delete'))
}

/** From a running cluster to a backup, from that to another cluster, and nothing is left. */
const saved: Journey = async (accountId) => {
  const { id, refused } = await created(accountId, { backupRetentionPeriod: 7, attachPublicIP: false })
  if (refused) return refused
  const taken = await askBackup(here, id)
  if (taken.code !== 202) return taken.error?.action ?? taken.message
  const { backupId, operation } = taken.payload
  const backup = await backupEnded(here, id, backupId)
  if (backup.state === 'failed') return (await here.settled(operation)).problem?.action ?? backup.stateMessage
  return (await sent('DELETE', '', id, 'delete')) ?? (await restored(backupId)) ?? (await dropped(backupId))
}

async function restored(backupId: string): Promise<string | undefined> {
  const { code, message, payload } = await here.api.call<{ id: string }>('POST', `/api/clusters/restore/${backupId}`, { cluster: {} })
  if (code !== 202) return message
  const { end, cluster } = await waitFor(here.api, payload.id, 'run')
  if (end === 'running') return sent('DELETE', '', payload.id, 'delete')
  return (await ended(payload.id)).problem?.action ?? cluster?.errorMessage ?? end
}

async function dropped(backupId: string): Promise<string | undefined> {
  const { payload } = await here.api.call<{ operation: string }>('DELETE', `/api/backups/${backupId}`)
  return (await here.settled(payload.operation)).problem?.action
}

/** A creation that stops half-way leaves what no machine takes with it. */
const brokenOff: Journey = async (accountId) => {
  const { id } = await created(accountId, {
    clusterConfiguration: { head: { instanceType: 'Standard_NC6s_v3', diskSize: 256 }, workers: [] },
  })
  return sent('DELETE', '', id, 'delete')
}

const looking: Journey = async (accountId) => {
  const { payload } = await here.api.call<Report>('POST', '/api/preflight', { ...createRequest(here.small()), accountId })
  const [missing] = payload.findings.flatMap(({ actions = [] }) => actions)
  return missing ?? payload.findings[0]?.message
}

const choosing: Journey = async (accountId) => {
  const choices = async (kind: string, query: string) =>
    (await here.api.call<Choices>('GET', `/api/accounts/${accountId}/choices/${kind}${query}`)).payload.missing?.action
  return (
    (await choices('registries', '?resourceGroup=slipway')) ??
    (await choices('sizes', '?location=northeurope')) ??
    (await choices('storage-accounts', '?resourceGroup=slipway'))
  )
}

/** Which journey a missing action is felt in first. */
const feltIn: readonly (readonly [RegExp, Journey])[] = [
  [/^Microsoft\.(Authorization|Resources\/subscriptions\/providers|Compute\/(skus|locations))\//, looking],
  [/^Microsoft\.ContainerService\//, givenContainer],
  [/\/blobs\/read$/, givenContainer],
  [/^Microsoft\.Compute\/snapshots\/(read|delete)$/, upgraded],
  [/^Microsoft\.Compute\/(snapshots|disks\/beginGetAccess)\//, saved],
  [/^Microsoft\.Compute\/images\/read$/, managedImage],
  [/^Microsoft\.Compute\/galleries\/images\/read$/, givenContainer],
  [/^Microsoft\.Compute\/galleries\/images\/versions\/read$/, givenNetwork],
  [/^Microsoft\.Network\/networkInterfaces\/delete$/, brokenOff],
  [/^Microsoft\.Network\/(networkSecurityGroups\/securityRules|virtualNetworks\/subnets)\//, givenNetwork],
  [/./, life],
]

const without = (action: string): readonly ShownRole[] =>
  roles.map((role) => ({
    ...role,
    actions: role.actions.filter((held) => held !== action),
    dataActions: role.dataActions.filter((held) => held !== action),
  }))

const actions = [...new Set(roles.flatMap((role) => [...role.actions, ...role.dataActions]))]

/** All at once: they spend their time waiting for the simulated Azure. */
let refusals: Promise<ReadonlyMap<string, string | undefined>> | undefined
async function everyRefusal(): Promise<ReadonlyMap<string, string | undefined>> {
  const found = await Promise.all(
    actions.map(async (action) => {
      const accountId = await accountWith(here.api, here.world.cloud, without(action))
      const [, journey = life] = feltIn.find(([pattern]) => pattern.test(action)) ?? []
      return [action, await journey(accountId).catch((error: unknown) => String(error))] as const
    }),
  )
  return new Map(found)
}

beforeAll(async () => {
  for (const [version, name] of Object.entries(images)) {
    const id = `${scopes[1]}/providers/Microsoft.Compute/${name}`
    here.put(id, `Microsoft.Compute/${name.replaceAll(/\/[^/]+(\/|$)/g, '$1')}`)
    const image = { os: 'ubuntu', id, bringsHopsworks: true }
    expect(await here.api.call('POST', '/api/versions', { version, images: [image] })).toMatchObject({ code: 200 })
  }
  const { storageAccount } = here.world.cloud.landingZone
  const account = `${scopes[0]}/providers/Microsoft.Storage/storageAccounts/${storageAccount}`
  here.put(`${scopes[0]}/providers/Microsoft.ContainerService/managedClusters/given`, 'Microsoft.ContainerService/managedClusters')
  here.put(`${account}/blobServices/default/containers/given`, 'Microsoft.Storage/storageAccounts/blobServices/containers')
  return here.turn('quota', { name: 'standardNCSv3Family', limit: 0 })
})

test('the landing zone is where the roles are made for', () => {
  expect(`/subscriptions/${here.world.cloud.landingZone.subscriptionId}`).toBe(SUBSCRIPTION)
})

test('exactly the computed role lets every journey pass', async () => {
  const accountId = await accountWith(here.api, here.world.cloud, roles)
  const journeys = {
    life,
    givenNetwork,
    givenContainer,
    managedImage,
    upgraded,
    saved,
    brokenOff,
    looking,
    choosing,
  }
  const refused = await Promise.all(Object.entries(journeys).map(async ([name, journey]) => [name, await journey(accountId)]))
  expect(refused).toEqual(Object.keys(journeys).map((name) => [name, undefined]))
}, 120_000)

test('without upgrades the computed role lets a cluster be backed up and restored', async () => {
  expect(await saved(await accountWith(here.api, here.world.cloud, rolesWithoutUpgrades))).toBeUndefined()
}, 120_000)

test.each(actions)(
  'without %s a journey fails, and says that it is missing',
  async (action) => {
    refusals ??= everyRefusal()
    expect((await refusals).get(action)).toBe(action)
  },
  240_000,
)
