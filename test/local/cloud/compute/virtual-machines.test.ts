import type { ComputeManagementClient } from '@azure/arm-compute'
import type { NetworkManagementClient } from '@azure/arm-network'
import { until } from '../../../until.ts'
import { type TestCloud, testCloud } from '../sdk.ts'
import { clientsOf, diskId, GROUP, groupId, LOCATION, machineModel, makeNic, nicId, powerState, refusal, soon } from './compute-world.ts'

let cloud: TestCloud
let compute: ComputeManagementClient
let network: NetworkManagementClient

beforeAll(async () => {
  cloud = await testCloud()
  ;({ compute, network } = clientsOf(cloud))
})
afterAll(() => cloud.stop())

const make = (name: string, nic: string, more: Parameters<typeof machineModel>[2] = {}) =>
  compute.virtualMachines.createOrUpdate(GROUP, name, machineModel(cloud, nic, more), soon)

async function made(name: string, more: Parameters<typeof machineModel>[2] = {}) {
  await makeNic(cloud, network, name)
  return await make(name, name, more)
}

describe('a virtual machine', () => {
  test('is made with its OS disk, and answers what was sent and what Azure fills in', async () => {
    const identity = `${groupId(cloud)}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${cloud.landingZone.identity}`
    const customData = Buffer.from('#!/bin/true').toString('base64')
    const model = machineModel(cloud, 'full')
    const machine = await made('full', {
      tags: { 'slipway-cluster': 'c1' },
      identity: { type: 'UserAssigned', userAssignedIdentities: { [identity]: {} } },
      osProfile: { ...model.osProfile, customData },
    })
    expect(machine).toMatchObject({
      provisioningState: 'Succeeded',
      tags: { 'slipway-cluster': 'c1' },
      vmId: expect.stringMatching(/^[\da-f-]{36}$/),
      hardwareProfile: { vmSize: 'Standard_D2s_v4' },
      osProfile: { computerName: 'head', adminUsername: 'ubuntu' },
      storageProfile: {
        imageReference: { version: 'latest', exactVersion: '20.04.202505200' },
        osDisk: {
          name: 'full-os',
          osType: 'Linux',
          diskSizeGB: 64,
          managedDisk: { id: diskId(cloud, 'full-os'), storageAccountType: 'Premium_LRS' },
        },
      },
      identity: { userAssignedIdentities: { [identity]: { principalId: expect.any(String), clientId: expect.any(String) } } },
    })
    expect(machine.osProfile?.customData).toBeUndefined()
    expect(await powerState(compute, 'full')).toBe('running')
    expect(await compute.disks.get(GROUP, 'full-os')).toMatchObject({ diskSizeGB: 64, diskState: 'Attached', managedBy: machine.id })
    const expanded = await compute.virtualMachines.get(GROUP, 'full', { expand: 'instanceView' })
    expect(expanded.instanceView?.statuses?.map(({ code }) => code)).toContain('PowerState/running')
  })

  test('sent again as it is changes nothing', async () => {
    const first = await made('twice')
    const second = await make('twice', 'twice')
    expect(second.vmId).toBe(first.vmId)
  })

  test('sent back as it was read, with what only Azure sets, stays what it is', async () => {
    const { id } = await made('echo')
    const path = `${id}?api-version=2022-11-01`
    const read = async (query = '') =>
      (await (await cloud.request('GET', `${path}${query}`)).json()) as { properties: Record<string, unknown> }
    const machine = await read()
    const { properties, ...rest } = await read('&$expand=instanceView')
    const body = { ...rest, properties: { ...properties, vmId: 'forged', provisioningState: 'Failed' } }
    expect((await cloud.request('PUT', path, { body })).status).toBe(200)
    await until(async () => (await read()).properties.provisioningState === 'Succeeded')
    expect(await read()).toEqual(machine)
  })

  test('is deallocated, keeps its disk, and starts again', async () => {
    await made('rest')
    await compute.virtualMachines.deallocate(GROUP, 'rest', soon)
    expect(await powerState(compute, 'rest')).toBe('deallocated')
    expect((await compute.disks.get(GROUP, 'rest-os')).diskState).toBe('Reserved')
    await compute.virtualMachines.start(GROUP, 'rest', soon)
    expect(await powerState(compute, 'rest')).toBe('running')
    await compute.virtualMachines.powerOff(GROUP, 'rest', soon)
    expect(await powerState(compute, 'rest')).toBe('stopped')
    expect(await refusal(Promise.resolve(compute.virtualMachines.restart(GROUP, 'rest', soon)))).toMatchObject({
      code: 'OperationNotAllowed',
    })
  })

  test('takes its disk along when asked to, and leaves its NIC', async () => {
    await made('gone')
    expect((await network.networkInterfaces.get(GROUP, 'gone')).virtualMachine?.id).toContain('virtualMachines/gone')
    await compute.virtualMachines.delete(GROUP, 'gone', soon)
    expect(await refusal(compute.virtualMachines.get(GROUP, 'gone'))).toMatchObject({ status: 404, code: 'ResourceNotFound' })
    expect(await refusal(compute.disks.get(GROUP, 'gone-os'))).toMatchObject({ status: 404 })
    await network.networkInterfaces.beginDeleteAndWait(GROUP, 'gone', soon)
  })

  test('with deleteOption Detach leaves its disk behind, with deleteOption Delete takes its NIC along', async () => {
    const model = machineModel(cloud, 'left')
    await made('left', {
      storageProfile: { ...model.storageProfile, osDisk: { name: 'left-os', createOption: 'FromImage' } },
      networkProfile: { networkInterfaces: [{ id: nicId(cloud, 'left'), deleteOption: 'Delete' }] },
    })
    await compute.virtualMachines.delete(GROUP, 'left', { ...soon, forceDeletion: true })
    expect(await compute.disks.get(GROUP, 'left-os')).toMatchObject({ diskState: 'Unattached' })
    expect(await refusal(network.networkInterfaces.get(GROUP, 'left'))).toMatchObject({ status: 404 })
    await compute.disks.delete(GROUP, 'left-os', soon)
  })

  test('gets and gives back data disks', async () => {
    const model = machineModel(cloud, 'data')
    await compute.disks.createOrUpdate(GROUP, 'own', { location: LOCATION, diskSizeGB: 32, creationData: { createOption: 'Empty' } }, soon)
    const machine = await made('data', {
      storageProfile: {
        ...model.storageProfile,
        dataDisks: [
          { lun: 0, name: 'data-0', createOption: 'Empty', diskSizeGB: 128, deleteOption: 'Delete' },
          { lun: 1, createOption: 'Attach', managedDisk: { id: diskId(cloud, 'own') } },
        ],
      },
    })
    expect(machine.storageProfile?.dataDisks?.map(({ lun, name }) => [lun, name])).toEqual([
      [0, 'data-0'],
      [1, 'own'],
    ])
    expect(await refusal(Promise.resolve(compute.disks.delete(GROUP, 'own', soon)))).toMatchObject({
      status: 409,
      code: 'OperationNotAllowed',
      message: `Disk own is attached to VM ${machine.id}.`,
    })
    await makeNic(cloud, network, 'thief')
    const theft = make('thief', 'thief', {
      storageProfile: {
        ...machineModel(cloud, 'thief').storageProfile,
        dataDisks: [{ lun: 0, createOption: 'Attach', managedDisk: { id: diskId(cloud, 'own') } }],
      },
    })
    expect(await refusal(Promise.resolve(theft))).toMatchObject({
      code: 'ConflictingUserInput',
      message: expect.stringContaining('already owned by VM'),
    })
    expect(await refusal(compute.disks.get(GROUP, 'thief-os'))).toMatchObject({ status: 404 })

    const [first] = machine.storageProfile?.dataDisks ?? []
    await compute.virtualMachines.update(GROUP, 'data', { storageProfile: { dataDisks: first ? [first] : [] } }, soon)
    expect((await compute.disks.get(GROUP, 'own')).diskState).toBe('Unattached')
    expect((await compute.disks.get(GROUP, 'data-0')).diskState).toBe('Attached')
  })

  test('is resized within its family while it runs, to another one only when deallocated', async () => {
    await made('size')
    const resize = (vmSize: string) => Promise.resolve(compute.virtualMachines.update(GROUP, 'size', { hardwareProfile: { vmSize } }, soon))
    expect((await resize('Standard_D4s_v4')).hardwareProfile?.vmSize).toBe('Standard_D4s_v4')
    expect(await refusal(resize('Standard_E4s_v4'))).toMatchObject({ status: 409, code: 'OperationNotAllowed' })
    await compute.virtualMachines.deallocate(GROUP, 'size', soon)
    expect((await resize('Standard_E4s_v4')).hardwareProfile?.vmSize).toBe('Standard_E4s_v4')
    expect(await powerState(compute, 'size')).toBe('deallocated')
    expect(await refusal(resize('Standard_D4s_v3'))).toMatchObject({ message: expect.stringContaining('resource disk') })
  })

  test('grows its OS disk only while deallocated', async () => {
    await made('grow')
    const grow = (diskSizeGB: number) =>
      Promise.resolve(
        compute.virtualMachines.update(GROUP, 'grow', { storageProfile: { osDisk: { diskSizeGB, createOption: 'FromImage' } } }, soon),
      )
    expect(await refusal(grow(128))).toMatchObject({ status: 409, code: 'OperationNotAllowed' })
    await compute.virtualMachines.deallocate(GROUP, 'grow', soon)
    expect((await grow(128)).storageProfile?.osDisk?.diskSizeGB).toBe(128)
    expect((await compute.disks.get(GROUP, 'grow-os')).diskSizeGB).toBe(128)
    expect(await refusal(grow(64))).toMatchObject({ status: 409 })
  })

  test('gets and loses an identity', async () => {
    await made('who')
    const id = `${groupId(cloud)}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${cloud.landingZone.identity}`
    const named = await compute.virtualMachines.update(
      GROUP,
      'who',
      { identity: { type: 'UserAssigned', userAssignedIdentities: { [id]: {} } } },
      soon,
    )
    expect(Object.keys(named.identity?.userAssignedIdentities ?? {})).toEqual([id])
    expect((await compute.virtualMachines.update(GROUP, 'who', { tags: { a: 'b' } }, soon)).identity).toEqual(named.identity)
    expect((await compute.virtualMachines.update(GROUP, 'who', { identity: { type: 'None' } }, soon)).identity).toBeUndefined()
  })

  test('keeps its custom data, image and zone for good', async () => {
    await made('fixed', { zones: ['1'] })
    const model = machineModel(cloud, 'fixed', { zones: ['1'] })
    const change = (more: object) => Promise.resolve(compute.virtualMachines.createOrUpdate(GROUP, 'fixed', { ...model, ...more }, soon))
    expect(await refusal(change({ osProfile: { ...model.osProfile, customData: 'YQ==' } }))).toMatchObject({
      code: 'PropertyChangeNotAllowed',
    })
    expect(await refusal(change({ zones: ['2'] }))).toMatchObject({ code: 'PropertyChangeNotAllowed' })
  })

  test('is listed in its group and in its subscription', async () => {
    await made('listed')
    const names = async (list: AsyncIterable<{ name?: string }>) => {
      const found: (string | undefined)[] = []
      for await (const { name } of list) found.push(name)
      return found
    }
    expect(await names(compute.virtualMachines.list(GROUP))).toContain('listed')
    expect(await names(compute.virtualMachines.listAll())).toContain('listed')
  })

  test('on a Spot price can be taken back by Azure', async () => {
    await made('spot', { priority: 'Spot', evictionPolicy: 'Deallocate', billingProfile: { maxPrice: -1 } })
    await compute.virtualMachines.simulateEviction(GROUP, 'spot')
    expect(await powerState(compute, 'spot')).toBe('deallocated')
  })
})

describe('a virtual machine is refused', () => {
  beforeAll(() => makeNic(cloud, network, 'free'))
  const refused = (more: Parameters<typeof machineModel>[2]) => refusal(Promise.resolve(make('refused', 'free', more)))
  const storage = (osDisk: object, image: object = {}) => ({
    storageProfile: {
      imageReference: { publisher: 'Canonical', offer: '0001-com-ubuntu-server-focal', sku: '20_04-lts-gen2', version: 'latest', ...image },
      osDisk: { name: 'refused-os', createOption: 'FromImage' as const, ...osDisk },
    },
  })
  const os = (more: object) => ({ osProfile: { ...machineModel(cloud, 'free').osProfile, ...more } })

  test('without its NIC', async () => {
    expect(await refusal(Promise.resolve(make('refused', 'nowhere')))).toMatchObject({ status: 400, code: 'InvalidResourceReference' })
  })

  test('when its NIC is another machine’s', async () => {
    const other = await made('owner')
    expect(await refusal(Promise.resolve(make('refused', 'owner', storage({}))))).toMatchObject({
      code: 'NicInUse',
      message: `Network Interface ${nicId(cloud, 'owner')} is used by existing VM ${other.id}.`,
    })
  })

  test('with a size that Azure doesn’t sell', async () => {
    expect(await refused({ hardwareProfile: { vmSize: 'Standard_X1' } })).toMatchObject({
      status: 400,
      code: 'InvalidParameter',
      message: expect.stringContaining('Standard_X1'),
    })
  })

  test('with an image that the marketplace doesn’t have', async () => {
    expect(await refused(storage({}, { sku: '99_10' }))).toMatchObject({ status: 404, code: 'PlatformImageNotFound' })
  })

  test('with a disk smaller than its image, or of a kind that its size doesn’t take', async () => {
    expect(await refused(storage({ diskSizeGB: 10 }))).toMatchObject({
      code: 'OperationNotAllowed',
      message: expect.stringContaining('30 GB'),
    })
    const premium = { ...storage({ managedDisk: { storageAccountType: 'Premium_LRS' } }), hardwareProfile: { vmSize: 'Standard_D8_v3' } }
    expect(await refused(premium)).toMatchObject({ code: 'InvalidParameter', message: expect.stringContaining('Premium_LRS') })
  })

  test('without a way to log in, with a reserved user, with custom data that is not base64', async () => {
    expect(await refused(os({ linuxConfiguration: {} }))).toMatchObject({
      message: expect.stringContaining('Authentication using either SSH'),
    })
    expect(await refused(os({ adminUsername: 'admin' }))).toMatchObject({ message: expect.stringContaining('Admin Username') })
    expect(await refused(os({ customData: '#!/bin/bash' }))).toMatchObject({ message: expect.stringContaining('Base64') })
  })

  test('with an identity that isn’t there', async () => {
    const identity = `${groupId(cloud)}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/nobody`
    expect(await refused({ identity: { type: 'UserAssigned', userAssignedIdentities: { [identity]: {} } } })).toMatchObject({
      code: 'FailedIdentityOperation',
    })
  })

  test('leaving nothing behind', async () => {
    expect(await refusal(compute.disks.get(GROUP, 'refused-os'))).toMatchObject({ status: 404 })
    expect((await network.networkInterfaces.get(GROUP, 'free')).virtualMachine).toBeUndefined()
  })
})
