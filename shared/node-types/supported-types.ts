import type { MachineSize } from '../azure/machine-sizes.ts'

/** As it is answered (contract §1.4); memory in GB. */
export interface SupportedType {
  readonly id: string
  readonly cpus: number
  readonly memory: number
  readonly withNVMe: boolean
}

/** The least that a node of each type runs on. */
const least = {
  head: { vCpus: 4, memory: 16 },
  worker: { vCpus: 2, memory: 8 },
  mgmd: { vCpus: 2, memory: 4 },
  ndbd: { vCpus: 2, memory: 8 },
  mysqld: { vCpus: 2, memory: 4 },
  api: { vCpus: 2, memory: 4 },
} as const

/** Which sizes fit which type of node, the smallest first. */
export function supportedTypes(sizes: readonly MachineSize[]) {
  const sold = sizes.filter(({ restricted }) => !restricted).toSorted(bySize)
  const fitting = ({ vCpus, memory }: { readonly vCpus: number; readonly memory: number }): SupportedType[] =>
    sold.filter((size) => size.vCpus >= vCpus && size.memory >= memory).map(typeOf)
  return {
    head: fitting(least.head),
    worker: fitting(least.worker),
    ronDB: { mgmd: fitting(least.mgmd), ndbd: fitting(least.ndbd), mysqld: fitting(least.mysqld), api: fitting(least.api) },
  }
}

const bySize = (a: MachineSize, b: MachineSize): number => a.vCpus - b.vCpus || a.memory - b.memory || a.name.localeCompare(b.name, 'en')

const typeOf = ({ name, vCpus, memory, nvme }: MachineSize): SupportedType => ({ id: name, cpus: vCpus, memory, withNVMe: nvme })
