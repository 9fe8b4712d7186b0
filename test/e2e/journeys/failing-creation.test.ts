import { controlPlaneActions } from '../../../local/cloud/landing-zone-roles.ts'
import { deleteBlob, putBlob } from '../../../local/cloud/storage/blob-store.ts'
import { until } from '../../until.ts'
import { createRequest, type WireCluster, type WireOperation } from '../api.ts'
import { waitFor } from '../waiters.ts'
import { PATIENCE_MS, sideBySide, stage } from './stage.ts'

const here = stage()

interface Cause {
  readonly changes: ReturnType<typeof here.small>
  /** What the operation's problem says. */
  readonly problem: object
  /** In the one message that the provider shows: what is wrong, and what to do. */
  readonly message: RegExp
  /** What Azure has of the cluster when its creation has failed; by default nothing. */
  readonly made?: boolean
  readonly mend: () => Promise<void> | void
}

/** Create → error with the remedy, nothing leaked → the cause goes away → retry → running → delete. */
async function failsAndGoesOn({ changes, problem, message, made = false, mend }: Cause): Promise<void> {
  const { api } = here
  const id = await api.create(changes)
  const { end, cluster } = await waitFor(api, id, 'run')
  expect(end).toBe('error')
  if (!cluster) throw new Error('gone')
  expect(cluster.errorMessage).toMatch(message)
  expect(cluster.errorMessage).not.toContain('%')
  const { id: operation } = await here.latestOperation(id)
  expect(await here.settled(operation)).toMatchObject({
    state: 'failed',
    problem: { message: expect.any(String), remedy: expect.any(String), ...problem },
  })
  expect(cluster).toMatchObject({ failedOperation: operation, activationState: 'terminable' })
  await seeNothingLeaked(cluster, made)
  await mend()
  await here.retried(id, 'run')
  await here.terminated(id)
}

/** Whatever Azure has of the cluster stands in its ledger. */
async function seeNothingLeaked(cluster: WireCluster, made: boolean): Promise<void> {
  await until(async () => {
    // Subnets and rules have no entries of their own: they go with what they are in.
    const there = here.resourcesOf(cluster).filter(({ type }) => type.split('/').length === 2)
    expect(there.length > 0).toBe(made)
    const entered = await here.world.ledger(cluster.id, 'intended', 'created')
    return there.every(({ name }) => entered.includes(name))
  })
}

const scope = (path: string) => `/subscriptions/${here.world.cloud.landingZone.subscriptionId}/resourceGroups/slipway/providers/${path}`

const rondb = (instanceType: string) => ({
  ronDB: { ...(createRequest().cluster.ronDB as object), ndbd: { instanceType, diskSize: 256, count: 1 } },
})

sideBySide({
  async 'no quota for one of the machines'() {
    const limit = (limit: number | null) => here.turn('quota', { name: 'standardLSv2Family', limit })
    await limit(7)
    await failsAndGoesOn({
      changes: here.small(rondb('Standard_L8s_v2')),
      problem: { code: 'quota' },
      message: /standardLSv2Family Cores quota.*az vm list-usage.*then retry/s,
      made: true,
      mend: () => limit(null),
    })
  },

  async 'no capacity for one of the machines'() {
    const changes = here.small()
    const mend = here.spoil({
      match: { operation: 'Microsoft.Compute/virtualMachines/write', path: `/${changes.name}-rondb-0$` },
      fault: 'capacity',
    })
    await failsAndGoesOn({ changes, problem: { code: 'capacity' }, message: /az vm list-skus/, made: true, mend })
  },

  async 'the size is not sold in the region'() {
    const changes = here.small()
    const mend = here.spoil({
      match: { operation: 'Microsoft.Compute/virtualMachines/write', path: `/${changes.name}-master$` },
      fault: 'capacity',
      code: 'SkuNotAvailable',
    })
    await failsAndGoesOn({
      changes,
      problem: { code: 'capacity', azureCode: 'SkuNotAvailable' },
      message: /az vm list-skus/,
      made: true,
      mend,
    })
  },

  async 'a container with data in it'() {
    const changes = here.small()
    const { azure, landingZone } = here.world.cloud
    const blob = [landingZone.storageAccount, String(changes.blobContainerName), 'data'] as const
    here.put(
      scope(`Microsoft.Storage/storageAccounts/${blob[0]}/blobServices/default/containers/${blob[1]}`),
      'Microsoft.Storage/storageAccounts/blobServices/containers',
    )
    azure.change(() => putBlob(azure, blob, { content: Buffer.from('data'), contentType: 'text/plain', metadata: {} }))
    await failsAndGoesOn({
      changes,
      problem: { code: 'conflict', resource: expect.stringMatching(new RegExp(`/containers/${blob[1]}$`)) },
      message: /is not empty.*az storage blob delete-batch/s,
      mend: () => azure.change(() => deleteBlob(azure, ...blob)),
    })
  },

  async 'a public address of the same name that is not ours, which a deletion leaves alone'() {
    const { api } = here
    const changes = here.small()
    const id = scope(`Microsoft.Network/publicIPAddresses/${changes.name}-ip`)
    here.put(id, 'Microsoft.Network/publicIPAddresses')
    const { azure } = here.world.cloud
    const given = azure.resources.get(id)
    const refused = async () => {
      const cluster = await api.create(changes)
      const { end, cluster: shown } = await waitFor(api, cluster, 'run')
      expect([end, shown?.errorMessage]).toEqual([
        'error',
        expect.stringMatching(/There is a public IP address .*-ip already.*az resource delete/s),
      ])
      return cluster
    }
    const first = await refused()
    expect(await api.call('DELETE', `/api/clusters/${first}`)).toMatchObject({ code: 202 })
    expect((await waitFor(api, first, 'delete')).end).toBe('gone')
    const second = await refused()
    expect(azure.resources.get(id)).toEqual(given)
    azure.change(() => azure.resources.delete(id))
    await here.retried(second, 'run')
    await here.terminated(second)
  },

  async 'an SSH key that is not there'() {
    await failsAndGoesOn({
      changes: here.small({ sshKeyName: 'new-key' }),
      problem: { code: 'not-found', resource: scope('Microsoft.Compute/sshPublicKeys/new-key') },
      message: /no SSH key new-key in the resource group slipway.*az sshkey create.*then retry/s,
      mend() {
        const { azure, landingZone } = here.world.cloud
        const given = azure.resources.get(scope(`Microsoft.Compute/sshPublicKeys/${landingZone.sshKey}`))
        if (given)
          azure.change(() => azure.resources.put({ ...given, id: scope('Microsoft.Compute/sshPublicKeys/new-key'), name: 'new-key' }))
      },
    })
  },

  async 'an identity that is not there'() {
    await failsAndGoesOn({
      changes: here.small({ managedIdentity: 'new-identity' }),
      problem: { code: 'not-found', resource: scope('Microsoft.ManagedIdentity/userAssignedIdentities/new-identity') },
      message: /no user-assigned identity new-identity.*az identity create.*then retry/s,
      mend: () =>
        here.put(
          scope('Microsoft.ManagedIdentity/userAssignedIdentities/new-identity'),
          'Microsoft.ManagedIdentity/userAssignedIdentities',
        ),
    })
  },

  async 'a network that is not there'() {
    const changes = here.small({ virtualNetworkName: 'new-net', subnetName: 'default' })
    await failsAndGoesOn({
      changes,
      problem: { code: 'not-found', resource: scope('Microsoft.Network/virtualNetworks/new-net') },
      message: /no virtual network new-net.*az network vnet/s,
      mend() {
        const { azure, landingZone } = here.world.cloud
        const { existingNetwork, subscriptionId } = landingZone
        const given = `/subscriptions/${subscriptionId}/resourceGroups/${existingNetwork.resourceGroup}/providers/Microsoft.Network/virtualNetworks/${existingNetwork.virtualNetwork}`
        azure.change(() => {
          for (const resource of [azure.resources.get(given), ...azure.resources.under(given)])
            if (resource)
              azure.resources.put({
                ...resource,
                id: resource.id.replace(given, scope('Microsoft.Network/virtualNetworks/new-net')),
                name: resource.name.replace('existing-vnet', 'new-net'),
              })
        })
      },
    })
  },

  async 'a permission that the role lacks at one resource'() {
    const changes = here.small()
    const action = 'Microsoft.Network/publicIPAddresses/write'
    const mend = here.spoil({ match: { operation: action, path: `/${changes.name}-ip$` }, fault: 'deny' })
    await failsAndGoesOn({
      changes,
      problem: { code: 'permission', action, scope: expect.stringMatching(new RegExp(`/publicIPAddresses/${changes.name}-ip$`)) },
      message: /Microsoft\.Network\/publicIPAddresses\/write.*az role assignment create/s,
      made: true,
      mend,
    })
  },
})

test(
  'an action that was taken out of the role, given back',
  async () => {
    const action = 'Microsoft.Compute/virtualMachines/write'
    expect(controlPlaneActions).toContain(action)
    const roleName = 'Slipway control plane'
    await here.turn('roles', { roleName, remove: [action] })
    await failsAndGoesOn({
      changes: here.small(),
      problem: { code: 'permission', action, scope: expect.stringContaining('/virtualMachines/') },
      message: /virtualMachines\/write.*az role assignment create/s,
      made: true,
      mend: () => here.turn('roles', { roleName, add: [action] }),
    })
  },
  PATIENCE_MS,
)

test(
  'a name that is taken is refused at once, and nothing changes',
  async () => {
    const { api } = here
    const { id, name } = await here.created()
    const clusters = async () => (await api.call<{ clusters: WireCluster[] }>('GET', '/api/clusters')).payload.clusters
    const operations = async () => (await api.call<{ operations: WireOperation[] }>('GET', `/api/clusters/${id}/operations`)).payload
    const before = [await clusters(), await operations(), here.inventory()]
    for (const same of [name, name.toUpperCase()])
      expect(await api.call('POST', '/api/clusters', createRequest(here.small({ name: same })))).toMatchObject({
        code: 409,
        error: { field: 'cluster.name', remedy: expect.any(String) },
      })
    expect([await clusters(), await operations(), here.inventory()]).toEqual(before)
    await here.terminated(id)
  },
  PATIENCE_MS,
)
