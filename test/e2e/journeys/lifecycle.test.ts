import { createRequest, type WireCluster } from '../api.ts'
import { waitFor } from '../waiters.ts'
import { PATIENCE_MS, stage } from './stage.ts'

const here = stage()

const worker = { instanceType: 'Standard_D2s_v4', diskSize: 256 }
const asked = createRequest({
  name: 'MyFeatureStore',
  blobContainerName: 'my-feature-store',
  clusterConfiguration: {
    head: { instanceType: 'Standard_D2s_v4', diskSize: 256, haEnabled: false },
    workers: [
      { ...worker, count: 1 },
      { ...worker, count: 1 },
    ],
  },
  tags: [{ name: 'Team', value: 'ML & "data"' }],
  backupRetentionPeriod: 7,
  initScript: '#!/usr/bin/env bash\necho 100%\n',
  deactivateLogReport: true,
}).cluster

/** The request as far as the provider reads it back out of a cluster (contract §1.5). */
function readBack({ azure, letsEncryptIssued, publicIPAttached, ...cluster }: WireCluster) {
  return { ...cluster, ...(azure as object), issueLetsEncrypt: letsEncryptIssued, attachPublicIP: publicIPAttached }
}

/** What the server may fill in, and the worker groups that it adds up. */
function expectedBack() {
  const { networkResourceGroup, virtualNetworkName, subnetName, securityGroupName, ...rest } = asked
  expect([networkResourceGroup, virtualNetworkName, subnetName, securityGroupName]).toEqual(['', '', '', ''])
  return {
    ...rest,
    clusterConfiguration: { head: (asked.clusterConfiguration as { head: object }).head, workers: [{ ...worker, count: 2 }] },
  }
}

const named = (suffix: string) => [...here.inventory().values()].find(({ name }) => name === `MyFeatureStore-${suffix}`)
const workerMachines = () => ['worker-0', 'worker-1'].map((suffix) => named(suffix)?.properties.vmId)

test(
  'a cluster is created, stopped, started and terminated as the Terraform provider does it',
  async () => {
    const { api } = here
    const before = here.inventory()
    const id = await api.create(asked)
    expect((await api.cluster(id))?.state).toBe('pending')
    const created = await waitFor(api, id, 'run')
    expect(created.end).toBe('running')
    // Each on the way is seen or not, by chance; their order is not chance.
    const order = ['pending', 'initializing', 'rondb-initializing', 'starting-hopsworks', 'running']
    expect(created.seen).toEqual(order.filter((state) => created.seen.includes(state)))
    if (!created.cluster) throw new Error('gone')
    expect(readBack(created.cluster)).toMatchObject(expectedBack())
    expect(created.cluster.allowedActions).toEqual(
      expect.arrayContaining([
        { action: 'start', allowed: false, reason: 'cluster is already running' },
        { action: 'stop', allowed: true },
        { action: 'delete', allowed: true },
      ]),
    )
    const machines = workerMachines()
    expect(machines).toEqual([expect.any(String), expect.any(String)])

    await here.stopped(id)
    expect(workerMachines()).toEqual([undefined, undefined])
    expect(['worker-0-nic', 'worker-0-os', 'worker-0-data'].map(named)).toEqual([undefined, undefined, undefined])
    const stopped = await api.cluster(id)
    expect(stopped && readBack(stopped)).toMatchObject(expectedBack())

    const started = Math.floor(Date.now() / 1000)
    expect(await api.call('PUT', `/api/clusters/${id}/start`)).toMatchObject({ code: 202 })
    const running = await waitFor(api, id, 'run')
    expect(running.end).toBe('running')
    expect(running.cluster?.startedOn).toBeGreaterThanOrEqual(started)
    for (const machine of workerMachines()) expect([undefined, ...machines]).not.toContain(machine)

    await here.terminated(id)
    expect(await api.call('GET', `/api/clusters/${id}`)).toMatchObject({ status: 404, code: 404 })
    const left = [...here.inventory()].filter(([armId]) => !before.has(armId))
    expect(left.map(([, { type, name }]) => `${type} ${name}`)).toEqual([
      'Microsoft.Storage/storageAccounts/blobServices/containers my-feature-store',
    ])
    for (const [armId, resource] of before) expect(here.inventory().get(armId)).toEqual(resource)
    await here.terminated(await api.create(asked))
  },
  PATIENCE_MS,
)

test(
  'a machine has what was asked for: network interface, disks, tags, identity, SSH key, public address, open ports',
  async () => {
    const { id, name } = await here.created({ tags: [{ name: 'team', value: 'ml' }] })
    const found = (suffix: string) => here.resourcesOf({ id, name }).find((resource) => resource.name === `${name}-${suffix}`)
    const at = (type: string, resource: string) =>
      expect.objectContaining({ id: expect.stringMatching(new RegExp(`/${type}/${resource}$`, 'i')) })
    const { azure, landingZone } = here.world.cloud
    const key = [...here.inventory().values()].find((resource) => resource.name === landingZone.sshKey)

    const head = found('master')
    expect(head?.properties).toMatchObject({
      hardwareProfile: { vmSize: 'Standard_D2s_v4' },
      storageProfile: { osDisk: { name: `${name}-master-os` }, dataDisks: [{ name: `${name}-master-data`, diskSizeGB: 256 }] },
      networkProfile: { networkInterfaces: [at('networkInterfaces', `${name}-master-nic`)] },
      osProfile: {
        linuxConfiguration: { disablePasswordAuthentication: true, ssh: { publicKeys: [{ keyData: key?.properties.publicKey }] } },
      },
    })
    expect(JSON.stringify(head?.envelope.identity)).toContain('/userAssignedIdentities/hopsworks-identity')
    expect(found('master-nic')?.properties).toMatchObject({
      ipConfigurations: [{ properties: { publicIPAddress: at('publicIPAddresses', `${name}-ip`) } }],
      networkSecurityGroup: at('networkSecurityGroups', `hopsworksai-nsg-${id.slice(-12)}`),
    })
    expect(JSON.stringify(found('rondb-0-nic')?.properties)).not.toContain('publicIPAddress')

    const group = here.resourcesOf({ id, name }).find((resource) => resource.name === `hopsworksai-nsg-${id.slice(-12)}`)
    const rules = azure.resources.under(group?.id ?? '').map(({ properties }) => properties)
    expect(rules.map((rule) => [rule.direction, rule.access, rule.destinationPortRanges]).sort()).toEqual([
      ['Inbound', 'Allow', ['443']],
      ['Inbound', 'Allow', ['80']],
    ])
    // Disks made with a machine carry no tags, and rules and subnets cannot.
    for (const resource of here
      .resourcesOf({ id, name })
      .filter(({ type }) => /virtualMachines$|networkInterfaces$|IPAddresses$|virtualNetworks$|SecurityGroups$/.test(type)))
      expect(resource.tags).toMatchObject({
        team: 'ml',
        'slipway-cluster': id,
        'slipway-operation': expect.any(String),
        'slipway-owner': 'slipway',
      })
    await here.terminated(id)
  },
  PATIENCE_MS,
)
