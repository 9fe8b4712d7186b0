import type { ComputeManagementClient, Disk } from '@azure/arm-compute'
import { type TestCloud, testCloud } from '../sdk.ts'
import { clientsOf, diskId, GROUP, groupId, LOCATION, machineModel, makeNic, refusal, soon } from './compute-world.ts'

let cloud: TestCloud
let compute: ComputeManagementClient

beforeAll(async () => {
  cloud = await testCloud()
  const clients = clientsOf(cloud)
  compute = clients.compute
  await makeNic(cloud, clients.network, 'disks')
  await compute.virtualMachines.createOrUpdate(GROUP, 'disks', machineModel(cloud, 'disks'), soon)
})
afterAll(() => cloud.stop())

const make = async (name: string, more: Partial<Disk> = {}) =>
  await compute.disks.createOrUpdate(
    GROUP,
    name,
    { location: LOCATION, diskSizeGB: 64, creationData: { createOption: 'Empty' }, ...more },
    soon,
  )
const snapshotId = (name: string) => `${groupId(cloud)}/providers/Microsoft.Compute/snapshots/${name}`
const snapshot = async (name: string, sourceResourceId: string) =>
  await compute.snapshots.createOrUpdate(
    GROUP,
    name,
    { location: LOCATION, incremental: true, creationData: { createOption: 'Copy', sourceResourceId } },
    soon,
  )

describe('a managed disk', () => {
  test('is made empty, grows, never shrinks, and goes', async () => {
    expect(await make('empty', { networkAccessPolicy: 'DenyAll' })).toMatchObject({
      networkAccessPolicy: 'DenyAll',
      diskSizeGB: 64,
      diskState: 'Unattached',
      sku: { name: 'Standard_LRS' },
      provisioningState: 'Succeeded',
    })
    expect((await compute.disks.update(GROUP, 'empty', { diskSizeGB: 128 }, soon)).diskSizeGB).toBe(128)
    expect(await refusal(Promise.resolve(compute.disks.update(GROUP, 'empty', { diskSizeGB: 64 }, soon)))).toMatchObject({
      code: 'OperationNotAllowed',
    })
    await compute.disks.delete(GROUP, 'empty', soon)
    expect(await refusal(compute.disks.get(GROUP, 'empty'))).toMatchObject({ status: 404 })
  })

  test('is refused without a size, or with a source that isn’t there', async () => {
    const { diskSizeGB: _, ...sizeless } = { location: LOCATION, diskSizeGB: 1, creationData: { createOption: 'Empty' as const } }
    expect(await refusal(Promise.resolve(compute.disks.createOrUpdate(GROUP, 'none', sizeless, soon)))).toMatchObject({
      code: 'InvalidParameter',
    })
    expect(await refusal(make('none', { creationData: { createOption: 'Copy', sourceResourceId: snapshotId('nobody') } }))).toMatchObject({
      status: 400,
    })
  })

  test('of a running machine can’t be read from outside; a free one can, and not be deleted meanwhile', async () => {
    const read = { access: 'Read', durationInSeconds: 600 }
    expect(await refusal(Promise.resolve(compute.disks.grantAccess(GROUP, 'disks-os', read, soon)))).toMatchObject({
      status: 409,
      code: 'Conflict',
    })
    await make('free')
    expect((await compute.disks.grantAccess(GROUP, 'free', read, soon)).accessSAS).toMatch(/^https:\/\/md-.*sig=/)
    expect((await compute.disks.get(GROUP, 'free')).diskState).toBe('ActiveSAS')
    expect(await refusal(Promise.resolve(compute.disks.delete(GROUP, 'free', soon)))).toMatchObject({ status: 409 })
    await compute.disks.revokeAccess(GROUP, 'free', soon)
    await compute.disks.delete(GROUP, 'free', soon)
  })
})

describe('a snapshot', () => {
  test('is taken of a running machine’s disk and becomes a disk that another machine attaches', async () => {
    const taken = await snapshot('backup', diskId(cloud, 'disks-os'))
    expect(taken).toMatchObject({
      incremental: true,
      diskSizeGB: 64,
      osType: 'Linux',
      completionPercent: 100,
      provisioningState: 'Succeeded',
    })
    const restored = await make('restored', {
      diskSizeGB: 64,
      creationData: { createOption: 'Copy', sourceResourceId: snapshotId('backup') },
    })
    expect(restored.osType).toBe('Linux')
    await makeNic(cloud, clientsOf(cloud).network, 'second')
    const { osProfile: _, ...model } = machineModel(cloud, 'second', {
      storageProfile: { osDisk: { createOption: 'Attach', osType: 'Linux', managedDisk: { id: diskId(cloud, 'restored') } } },
    })
    const machine = await compute.virtualMachines.createOrUpdate(GROUP, 'second', model, soon)
    expect((await compute.disks.get(GROUP, 'restored')).managedBy).toBe(machine.id)
    await compute.snapshots.delete(GROUP, 'backup', soon)
    expect(await refusal(compute.snapshots.get(GROUP, 'backup'))).toMatchObject({ status: 404 })
  })

  test('is copied in its own region, however that is spelled, and in no other', async () => {
    await make('near', { location: 'North Europe' })
    const copy = (location: string) =>
      make('copy', { location, creationData: { createOption: 'Copy', sourceResourceId: diskId(cloud, 'near') } })
    expect(await refusal(copy('westeurope'))).toMatchObject({ status: 400, message: expect.stringContaining('same region') })
    expect((await copy('North Europe')).location).toBe(LOCATION)
  })

  test('of nothing is refused', async () => {
    expect(await refusal(snapshot('nothing', diskId(cloud, 'nobody')))).toMatchObject({ status: 400, code: 'InvalidParameter' })
  })

  test('is within the control plane’s rights', async () => {
    const { compute: asControlPlane } = clientsOf(cloud, cloud.controlPlane)
    const call = asControlPlane.snapshots.createOrUpdate(
      GROUP,
      'allowed',
      { location: LOCATION, creationData: { createOption: 'Copy', sourceResourceId: diskId(cloud, 'disks-os') } },
      soon,
    )
    expect((await call).provisioningState).toBe('Succeeded')
  })
})
