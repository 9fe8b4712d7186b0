import type { Location } from '../azure.ts'
import type { JsonObject } from '../resource.ts'
import type { VmSize } from './vm-sizes.ts'

/** A size as `locations/{location}/vmSizes` answers it. */
export function sizeView(size: VmSize): JsonObject {
  return {
    name: size.name,
    numberOfCores: size.vCpus,
    osDiskSizeInMB: 1_047_552,
    resourceDiskSizeInMB: size.resourceDiskMb,
    memoryInMB: size.memoryGb * 1024,
    maxDataDiskCount: size.maxDataDisks,
  }
}

/** A size as `skus` answers it for one region. */
export function skuView(size: VmSize, location: Location): JsonObject {
  const capability = (name: string, value: string | number | boolean) => ({
    name,
    value: typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value),
  })
  return {
    resourceType: 'virtualMachines',
    name: size.name,
    tier: 'Standard',
    size: size.name.replace('Standard_', ''),
    family: size.family,
    locations: [location.name],
    locationInfo: [{ location: location.name, zones: [...location.zones], zoneDetails: [] }],
    capabilities: [
      capability('MaxResourceVolumeMB', size.resourceDiskMb),
      capability('OSVhdSizeMB', 1_047_552),
      capability('vCPUs', size.vCpus),
      capability('MemoryPreservingMaintenanceSupported', true),
      capability('HyperVGenerations', 'V1,V2'),
      capability('MemoryGB', size.memoryGb),
      capability('MaxDataDiskCount', size.maxDataDisks),
      capability('CpuArchitectureType', 'x64'),
      capability('LowPriorityCapable', true),
      capability('PremiumIO', size.premiumStorage),
      capability('vCPUsAvailable', size.vCpus),
      capability('EphemeralOSDiskSupported', size.resourceDiskMb > 0),
      capability('AcceleratedNetworkingEnabled', true),
      capability('MaxNetworkInterfaces', size.maxNics),
      ...(size.nvmeDiskMb > 0 ? [capability('NvmeDiskSizeInMiB', size.nvmeDiskMb)] : []),
    ],
    restrictions: [],
  }
}
