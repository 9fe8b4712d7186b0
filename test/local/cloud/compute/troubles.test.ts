import type { ComputeManagementClient } from '@azure/arm-compute'
import { type TestCloud, testCloud } from '../sdk.ts'
import { clientsOf, GROUP, groupId, LOCATION, machineModel, makeNic, powerState, refusal, soon } from './compute-world.ts'

let cloud: TestCloud
let compute: ComputeManagementClient
let count = 0

beforeAll(async () => {
  cloud = await testCloud()
  compute = clientsOf(cloud).compute
})
afterEach(() => cloud.setFaults({ rules: [] }))
afterAll(() => cloud.stop())

const WRITE = 'Microsoft.Compute/virtualMachines/write'
const quota = (name: string, limit: number) => cloud.request('PUT', '/_slipway/quota', { body: { location: LOCATION, name, limit } })

/** Takes an action out of the control plane's role. */
function withhold(action: string): void {
  const { resources, change } = cloud.azure
  change(() => {
    for (const role of resources.ofType('Microsoft.Authorization/roleDefinitions')) {
      const json = JSON.stringify(role.properties).replaceAll(`"${action}",`, '')
      resources.put({ ...role, properties: JSON.parse(json) })
    }
  })
}

/** A machine of its own name; `as` another caller. */
async function make(more: Parameters<typeof machineModel>[2] = {}, as = compute) {
  const name = `t${count++}`
  await makeNic(cloud, clientsOf(cloud).network, name)
  const machine = await as.virtualMachines.createOrUpdate(GROUP, name, machineModel(cloud, name, more), soon)
  return { name, machine }
}

describe('making a machine', () => {
  test('past a family’s quota is refused with what is used and needed', async () => {
    await quota('standardEv3Family', 4)
    const size = { hardwareProfile: { vmSize: 'Standard_E4_v3' } }
    const storageProfile = { ...machineModel(cloud, 'x').storageProfile, osDisk: { createOption: 'FromImage' } }
    await make({ ...size, storageProfile })
    expect(await refusal(make({ ...size, storageProfile }))).toMatchObject({
      status: 409,
      code: 'OperationNotAllowed',
      message: expect.stringContaining(
        'exceeding approved standardEv3Family Cores quota. Additional details - Deployment Model: Resource Manager, Location: northeurope, Current Limit: 4, Current Usage: 4, Additional Required: 4, (Minimum) New Limit Required: 8.',
      ),
    })
  })

  test('strikes quota and capacity when the fault plan says so', async () => {
    cloud.setFaults({ rules: [{ match: { operation: WRITE, times: 1 }, fault: 'quota' }] })
    expect(await refusal(make())).toMatchObject({
      code: 'OperationNotAllowed',
      message: expect.stringContaining('standardDSv4Family Cores quota'),
    })
    cloud.setFaults({ rules: [{ match: { operation: WRITE, times: 1 }, fault: 'capacity', code: 'SkuNotAvailable' }] })
    expect(await refusal(make())).toMatchObject({ status: 409, code: 'SkuNotAvailable' })
  })

  test('that Azure finds no room for fails after it was accepted, and the machine stays as Failed', async () => {
    cloud.setFaults({ rules: [{ match: { operation: WRITE, times: 1 }, fault: 'capacity' }] })
    const error = await refusal(make())
    expect(error.message).toContain('sufficient capacity for the requested VM size in this region')
    const failed = await compute.virtualMachines.get(GROUP, `t${count - 1}`)
    expect(failed.provisioningState).toBe('Failed')
    expect(await powerState(compute, `t${count - 1}`)).toBeUndefined()
    const again = await compute.virtualMachines.createOrUpdate(GROUP, failed.name ?? '', machineModel(cloud, failed.name ?? ''), soon)
    expect(again).toMatchObject({ provisioningState: 'Succeeded', vmId: failed.vmId })
    expect(await powerState(compute, failed.name ?? '')).toBe('running')
  })

  test('in a zone without room says so', async () => {
    cloud.setFaults({ rules: [{ match: { operation: WRITE, times: 1 }, fault: 'capacity' }] })
    expect((await refusal(make({ zones: ['1'] }))).message).toContain('in this zone')
    expect(await refusal(make({ zones: ['7'] }))).toMatchObject({ status: 400, code: 'InvalidAvailabilityZone' })
  })

  test('may fail as the fault plan words it', async () => {
    cloud.setFaults({
      rules: [
        {
          match: { operation: WRITE, times: 1 },
          fault: 'fail',
          code: 'OSProvisioningTimedOut',
          message: 'OS Provisioning did not finish.',
        },
      ],
    })
    expect(await refusal(make())).toMatchObject({ message: expect.stringContaining('OS Provisioning did not finish.') })
  })

  test('is within the control plane’s rights, with the identity, the image and the NIC that it may use', async () => {
    const { compute: controlPlane } = clientsOf(cloud, cloud.controlPlane)
    const id = `${groupId(cloud)}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${cloud.landingZone.identity}`
    const identity = { type: 'UserAssigned' as const, userAssignedIdentities: { [id]: {} } }
    expect((await make({ identity }, controlPlane)).machine.provisioningState).toBe('Succeeded')

    withhold('Microsoft.ManagedIdentity/userAssignedIdentities/assign/action')
    expect(await refusal(make({ identity }, controlPlane))).toMatchObject({
      status: 403,
      code: 'LinkedAuthorizationFailed',
      message: expect.stringContaining(`'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action' on the linked scope(s) '${id}'`),
    })
    withhold('Microsoft.Compute/images/read')
    const image = `${groupId(cloud)}/providers/Microsoft.Compute/images/golden`
    const storageProfile = { imageReference: { id: image }, osDisk: { createOption: 'FromImage' } }
    expect(await refusal(make({ storageProfile }, controlPlane))).toMatchObject({
      status: 403,
      code: 'LinkedAuthorizationFailed',
      message: expect.stringContaining(`'read' on the linked scope(s) '${image}'`),
    })
    withhold('Microsoft.Network/networkInterfaces/join/action')
    expect(await refusal(make({}, controlPlane))).toMatchObject({ status: 403, code: 'LinkedAuthorizationFailed' })
  })
})

describe('a machine whose NIC is still in the making', () => {
  test('is refused until the NIC is finished', async () => {
    const write = 'Microsoft.Network/networkInterfaces/write'
    cloud.setFaults({ rules: [{ match: { operation: write, times: 1 }, fault: 'stuck' }] })
    const { network } = clientsOf(cloud)
    const subnet = `/subscriptions/${cloud.landingZone.subscriptionId}/resourceGroups/network/providers/Microsoft.Network/virtualNetworks/existing-vnet/subnets/default`
    await network.networkInterfaces.beginCreateOrUpdate(GROUP, 'early', {
      location: LOCATION,
      ipConfigurations: [{ name: 'ip', subnet: { id: subnet } }],
    })
    const call = compute.virtualMachines.createOrUpdate(GROUP, 'early', machineModel(cloud, 'early'), soon)
    expect(await refusal(Promise.resolve(call))).toMatchObject({
      status: 409,
      code: 'ReferencedResourceNotProvisioned',
      message: expect.stringContaining('is not in Succeeded state. Resource is in Creating state'),
    })
  })
})

describe('a machine on which something goes on', () => {
  test('takes no other change, but can be deleted', async () => {
    const { name } = await make()
    cloud.setFaults({ rules: [{ match: { operation: 'Microsoft.Compute/virtualMachines/restart/action' }, fault: 'stuck' }] })
    await compute.virtualMachines.restart(GROUP, name, soon).submitted()
    expect(await refusal(Promise.resolve(compute.virtualMachines.deallocate(GROUP, name, soon)))).toMatchObject({
      status: 409,
      code: 'Conflict',
    })
    await compute.virtualMachines.delete(GROUP, name, soon)
    expect(await refusal(compute.virtualMachines.get(GROUP, name))).toMatchObject({ status: 404 })
  })

  test('that is being deleted takes nothing more', async () => {
    const { name } = await make()
    cloud.setFaults({ rules: [{ match: { operation: 'Microsoft.Compute/virtualMachines/delete' }, fault: 'stuck' }] })
    await compute.virtualMachines.delete(GROUP, name, soon).submitted()
    expect((await compute.virtualMachines.get(GROUP, name)).provisioningState).toBe('Deleting')
    expect(await refusal(Promise.resolve(compute.virtualMachines.start(GROUP, name, soon)))).toMatchObject({
      status: 409,
      message: expect.stringContaining('marked for deletion'),
    })
  })

  test('whose start found no room is deallocated again', async () => {
    const { name } = await make()
    await compute.virtualMachines.deallocate(GROUP, name, soon)
    cloud.setFaults({ rules: [{ match: { operation: 'Microsoft.Compute/virtualMachines/start/action', times: 1 }, fault: 'capacity' }] })
    expect((await refusal(Promise.resolve(compute.virtualMachines.start(GROUP, name, soon)))).message).toContain('sufficient capacity')
    expect(await powerState(compute, name)).toBe('deallocated')
    await compute.virtualMachines.start(GROUP, name, soon)
    expect(await powerState(compute, name)).toBe('running')
  })
})
