import { VM_SIZES, vmSize } from '../../../../local/cloud/compute/vm-sizes.ts'

describe('virtual machine sizes', () => {
  // What the provider's own tests and examples ask for.
  test.each([
    ['Standard_D8_v3', 8, 32],
    ['Standard_D16_v3', 16, 64],
    ['Standard_D4_v3', 4, 16],
    ['Standard_E4_v3', 4, 32],
    ['Standard_D2s_v4', 2, 8],
    ['Standard_D4s_v4', 4, 16],
    ['Standard_D8s_v4', 8, 32],
    ['Standard_B2s', 2, 4],
  ])('%s has %d vCPUs and %d GB', (name, vCpus, memoryGb) => {
    expect(vmSize(name)).toMatchObject({ vCpus, memoryGb })
  })

  test('are found however they are cased, once each', () => {
    expect(vmSize('standard_d4S_V4')?.name).toBe('Standard_D4s_v4')
    expect(new Set(VM_SIZES.map(({ name }) => name)).size).toBe(VM_SIZES.length)
  })

  test('take premium disks and have a temporary disk as Azure says', () => {
    expect(vmSize('Standard_D8_v3')).toMatchObject({ premiumStorage: false, resourceDiskMb: 200 * 1024 })
    expect(vmSize('Standard_D8s_v4')).toMatchObject({ premiumStorage: true, resourceDiskMb: 0 })
    expect(vmSize('Standard_L8s_v2')?.nvmeDiskMb).toBeGreaterThan(0)
  })
})
