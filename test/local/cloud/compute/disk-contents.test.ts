import type { ComputeManagementClient } from '@azure/arm-compute'
import { linesOn } from '../../../../local/cloud/compute/disk-contents.ts'
import { until } from '../../../until.ts'
import { type TestCloud, testCloud } from '../sdk.ts'
import { clientsOf, diskId, GROUP, groupId, LOCATION, machineModel, makeNic, soon } from './compute-world.ts'

let cloud: TestCloud
let compute: ComputeManagementClient
beforeAll(async () => {
  cloud = await testCloud()
  const clients = clientsOf(cloud)
  compute = clients.compute
  await makeNic(cloud, clients.network, 'writer')
})
afterAll(() => cloud.stop())

const lines = (name: string) => {
  const disk = cloud.azure.resources.get(diskId(cloud, name))
  return disk ? linesOn(disk) : []
}
const copy = async (name: string, sourceResourceId: string) =>
  await compute.disks.createOrUpdate(GROUP, name, { location: LOCATION, creationData: { createOption: 'Copy', sourceResourceId } }, soon)

test('what is written to a disk is on its snapshots and copies, and what is written later is not', async () => {
  const model = machineModel(cloud, 'writer')
  const dataDisks = [{ lun: 0, name: 'first', createOption: 'Empty' as const, diskSizeGB: 64 }]
  await compute.virtualMachines.createOrUpdate(GROUP, 'writer', { ...model, storageProfile: { ...model.storageProfile, dataDisks } }, soon)
  await until(() => lines('first').length === 1)
  const snapshot = { location: LOCATION, creationData: { createOption: 'Copy' as const, sourceResourceId: diskId(cloud, 'first') } }
  await compute.snapshots.createOrUpdate(GROUP, 'then', snapshot, soon)
  await compute.virtualMachines.deallocate(GROUP, 'writer', soon)
  await compute.virtualMachines.start(GROUP, 'writer', soon)
  await until(() => lines('first').length === 2)
  await copy('copied', `${groupId(cloud)}/providers/Microsoft.Compute/snapshots/then`)
  expect(lines('copied')).toEqual(['writer'])
})
