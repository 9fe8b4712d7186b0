import { generateKeyPairSync } from 'node:crypto'
import type { ComputeManagementClient } from '@azure/arm-compute'
import { type TestCloud, testCloud } from '../sdk.ts'
import { clientsOf, diskId, GROUP, groupId, LOCATION, machineModel, makeNic, refusal, soon } from './compute-world.ts'

let cloud: TestCloud
let compute: ComputeManagementClient

beforeAll(async () => {
  cloud = await testCloud()
  compute = clientsOf(cloud).compute
})
afterAll(() => cloud.stop())

async function all<T>(list: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const each of list) found.push(each)
  return found
}

describe('what Azure offers', () => {
  test('sizes of one region, with their capabilities', async () => {
    const skus = await all(compute.resourceSkus.list({ filter: `location eq '${LOCATION}'` }))
    const d4 = skus.find(({ name }) => name === 'Standard_D4s_v4')
    expect(d4).toMatchObject({ resourceType: 'virtualMachines', family: 'standardDSv4Family', locations: [LOCATION] })
    expect(d4?.capabilities).toContainEqual({ name: 'vCPUs', value: '4' })
    expect(new Set(skus.flatMap(({ locations = [] }) => locations))).toEqual(new Set([LOCATION]))
    expect((await all(compute.virtualMachineSizes.list(LOCATION))).find(({ name }) => name === 'Standard_D4s_v4')).toMatchObject({
      numberOfCores: 4,
      memoryInMB: 16_384,
    })
  })

  test('marketplace images', async () => {
    const names = (list: { name?: string }[]) => list.map(({ name }) => name)
    expect(names(await compute.virtualMachineImages.listPublishers(LOCATION))).toEqual(['Canonical'])
    expect(names(await compute.virtualMachineImages.listOffers(LOCATION, 'Canonical'))).toContain('0001-com-ubuntu-server-jammy')
    expect(names(await compute.virtualMachineImages.listSkus(LOCATION, 'Canonical', '0001-com-ubuntu-server-jammy'))).toContain(
      '22_04-lts-gen2',
    )
    const newest = await compute.virtualMachineImages.list(LOCATION, 'Canonical', '0001-com-ubuntu-server-jammy', '22_04-lts-gen2', {
      top: 1,
      orderby: 'name desc',
    })
    expect(names(newest)).toEqual(['22.04.202509160'])
    const image = await compute.virtualMachineImages.get(
      LOCATION,
      'canonical',
      '0001-com-ubuntu-server-jammy',
      '22_04-lts-gen2',
      '22.04.202509160',
    )
    expect(image.osDiskImage?.operatingSystem).toBe('Linux')
  })

  test('usages count the machines that exist', async () => {
    const used = async (family: string) =>
      (await all(compute.usage.list(LOCATION))).find(({ name }) => name?.value === family)?.currentValue
    await makeNic(cloud, clientsOf(cloud).network, 'counted')
    await compute.virtualMachines.createOrUpdate(GROUP, 'counted', machineModel(cloud, 'counted'), soon)
    await compute.virtualMachines.deallocate(GROUP, 'counted', soon)
    expect([await used('cores'), await used('standardDSv4Family'), await used('virtualMachines')]).toEqual([2, 2, 1])
  })
})

describe('an SSH key', () => {
  test('is generated: the private part is answered once', async () => {
    await compute.sshPublicKeys.create(GROUP, 'mine', { location: LOCATION })
    const { publicKey, privateKey } = await compute.sshPublicKeys.generateKeyPair(GROUP, 'mine')
    expect(publicKey).toMatch(/^ssh-rsa AAAAB3NzaC1yc2E/)
    expect(privateKey).toContain('BEGIN RSA PRIVATE KEY')
    const read = await compute.sshPublicKeys.get(GROUP, 'mine')
    expect(read.publicKey).toBe(publicKey)
    expect(JSON.stringify([read, cloud.state()])).not.toContain('PRIVATE KEY')
    await compute.sshPublicKeys.delete(GROUP, 'mine')
    expect(await refusal(compute.sshPublicKeys.get(GROUP, 'mine'))).toMatchObject({ status: 404, code: 'ResourceNotFound' })
  })

  test('that is none is refused', async () => {
    const { publicKey } = generateKeyPairSync('ed25519', {
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    })
    expect(await refusal(compute.sshPublicKeys.create(GROUP, 'bad', { location: LOCATION, publicKey }))).toMatchObject({
      code: 'InvalidParameter',
    })
  })

  test('of the landing zone is there, and fits a machine', async () => {
    const { publicKey = '' } = await compute.sshPublicKeys.get(GROUP, cloud.landingZone.sshKey)
    await makeNic(cloud, clientsOf(cloud).network, 'keyed')
    const linuxConfiguration = { ssh: { publicKeys: [{ path: '/home/ubuntu/.ssh/authorized_keys', keyData: publicKey }] } }
    const machine = await compute.virtualMachines.createOrUpdate(
      GROUP,
      'keyed',
      machineModel(cloud, 'keyed', { osProfile: { computerName: 'keyed', adminUsername: 'ubuntu', linuxConfiguration } }),
      soon,
    )
    expect(machine.osProfile?.linuxConfiguration?.ssh?.publicKeys?.[0]?.keyData).toBe(publicKey)
  })
})

describe('images of one’s own', () => {
  const machineFrom = async (name: string, id: string) => {
    await makeNic(cloud, clientsOf(cloud).network, name)
    return await compute.virtualMachines.createOrUpdate(
      GROUP,
      name,
      machineModel(cloud, name, { storageProfile: { imageReference: { id }, osDisk: { name: `${name}-os`, createOption: 'FromImage' } } }),
      soon,
    )
  }

  test('are made from a disk, and machines from them', async () => {
    await compute.disks.createOrUpdate(
      GROUP,
      'golden',
      { location: LOCATION, diskSizeGB: 50, osType: 'Linux', creationData: { createOption: 'Empty' } },
      soon,
    )
    const image = await compute.images.createOrUpdate(
      GROUP,
      'golden',
      {
        location: LOCATION,
        storageProfile: { osDisk: { osType: 'Linux', osState: 'Generalized', managedDisk: { id: diskId(cloud, 'golden') } } },
      },
      soon,
    )
    const machine = await machineFrom('from-image', image.id ?? '')
    expect(machine.storageProfile?.osDisk?.diskSizeGB).toBe(50)
  })

  test('lie in galleries: without a version the newest is taken', async () => {
    const base = { location: LOCATION }
    await compute.galleries.createOrUpdate(GROUP, 'gallery', base, soon)
    const identifier = { publisher: 'slipway', offer: 'hopsworks', sku: '3.9' }
    await compute.galleryImages.createOrUpdate(
      GROUP,
      'gallery',
      'hopsworks',
      { ...base, osType: 'Linux', osState: 'Generalized', identifier },
      soon,
    )
    const id = `${groupId(cloud)}/providers/Microsoft.Compute/galleries/gallery/images/hopsworks`
    expect(await refusal(machineFrom('too-early', id))).toMatchObject({ status: 404, code: 'GalleryImageNotFound' })
    for (const version of ['3.9.0', '3.10.0']) {
      await compute.galleryImageVersions.createOrUpdate(GROUP, 'gallery', 'hopsworks', version, { ...base, storageProfile: {} }, soon)
    }
    expect((await machineFrom('from-gallery', id)).storageProfile?.imageReference?.exactVersion).toBe('3.10.0')
  })
})
