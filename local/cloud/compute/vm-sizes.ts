/** A virtual machine size as Azure sells it. */
export interface VmSize {
  /** As in `hardwareProfile.vmSize`, e.g. `Standard_D4s_v4`. */
  name: string
  /** The quota family that its vCPUs count against, e.g. `standardDSv4Family`. */
  family: string
  vCpus: number
  memoryGb: number
  maxDataDisks: number
  maxNics: number
  /** Local temporary disk in MB, 0 for the sizes without one. A machine can't be resized from with to without. */
  resourceDiskMb: number
  /** Takes Premium_LRS disks: the sizes with an `s`. */
  premiumStorage: boolean
  /** Local NVMe disks, in MB, 0 for none. */
  nvmeDiskMb: number
}

interface Series {
  name: (vCpus: number) => string
  family: string
  vCpus: readonly number[]
  memoryGbPerVCpu: number
  resourceDiskMbPerVCpu: number
  premiumStorage: boolean
  nvmeMbPerVCpu?: number
}

const GENERAL = [2, 4, 8, 16, 32, 48, 64]

/** Series whose sizes follow one rule [learn: virtual-machines/sizes, dv3, dsv3, dsv4, ddsv4, dsv5, ev3, esv4, lsv2 …]. */
const SERIES: readonly Series[] = [
  series('D', '_v3', 'standardDv3Family', 4, 25, false),
  series('D', 's_v3', 'standardDSv3Family', 4, 8, true),
  series('D', '_v4', 'standardDv4Family', 4, 0, false),
  series('D', 's_v4', 'standardDSv4Family', 4, 0, true),
  series('D', 'ds_v4', 'standardDDSv4Family', 4, 37.5, true),
  series('D', 'as_v4', 'standardDASv4Family', 4, 8, true),
  series('D', 's_v5', 'standardDSv5Family', 4, 0, true),
  series('D', 'as_v5', 'standardDASv5Family', 4, 0, true),
  series('E', '_v3', 'standardEv3Family', 8, 25, false),
  series('E', 's_v3', 'standardESv3Family', 8, 16, true),
  series('E', '_v4', 'standardEv4Family', 8, 0, false),
  series('E', 's_v4', 'standardESv4Family', 8, 0, true),
  series('E', 'ds_v4', 'standardEDSv4Family', 8, 37.5, true),
  series('E', 's_v5', 'standardESv5Family', 8, 0, true),
  { ...series('L', 's_v2', 'standardLSv2Family', 8, 10, true), vCpus: [8, 16, 32, 48, 64], nvmeMbPerVCpu: 245_760 },
]

/** Sizes that follow no rule: name, family, vCPUs, memory in GB, data disks, NICs, temporary disk in GB. */
const SINGLE: readonly [string, string, number, number, number, number, number][] = [
  ['Standard_B1s', 'standardBSFamily', 1, 1, 2, 2, 4],
  ['Standard_B1ms', 'standardBSFamily', 1, 2, 2, 2, 4],
  ['Standard_B2s', 'standardBSFamily', 2, 4, 4, 3, 8],
  ['Standard_B2ms', 'standardBSFamily', 2, 8, 4, 3, 16],
  ['Standard_B4ms', 'standardBSFamily', 4, 16, 8, 4, 32],
  ['Standard_B8ms', 'standardBSFamily', 8, 32, 16, 4, 64],
  ['Standard_NC4as_T4_v3', 'Standard NCASv3_T4 Family', 4, 28, 8, 2, 176],
  ['Standard_NC6s_v3', 'standardNCSv3Family', 6, 112, 12, 4, 736],
]

function series(letter: string, suffix: string, family: string, memoryGbPerVCpu: number, diskGbPerVCpu: number, premium: boolean): Series {
  return {
    name: (vCpus) => `Standard_${letter}${vCpus}${suffix}`,
    family,
    vCpus: GENERAL,
    memoryGbPerVCpu,
    resourceDiskMbPerVCpu: diskGbPerVCpu * 1024,
    premiumStorage: premium,
  }
}

function sized(of: Series, vCpus: number): VmSize {
  return {
    name: of.name(vCpus),
    family: of.family,
    vCpus,
    memoryGb: of.memoryGbPerVCpu * vCpus,
    maxDataDisks: Math.min(32, vCpus * 2),
    maxNics: Math.max(2, Math.min(8, vCpus / 2)),
    resourceDiskMb: of.resourceDiskMbPerVCpu * vCpus,
    premiumStorage: of.premiumStorage,
    nvmeDiskMb: (of.nvmeMbPerVCpu ?? 0) * vCpus,
  }
}

export const VM_SIZES: readonly VmSize[] = [
  ...SINGLE.map(([name, family, vCpus, memoryGb, maxDataDisks, maxNics, diskGb]) => ({
    name,
    family,
    vCpus,
    memoryGb,
    maxDataDisks,
    maxNics,
    resourceDiskMb: diskGb * 1024,
    premiumStorage: true,
    nvmeDiskMb: 0,
  })),
  ...SERIES.flatMap((of) => of.vCpus.map((vCpus) => sized(of, vCpus))),
]

const BY_NAME = new Map(VM_SIZES.map((size) => [size.name.toLowerCase(), size]))

/** The size of a name, however it is cased; undefined where Azure sells none. */
export function vmSize(name: string): VmSize | undefined {
  return BY_NAME.get(name.toLowerCase())
}
