import type { Azure } from '../azure.ts'
import { type QuotaExceeded, quotaExceeded } from './errors.ts'
import { textAt } from './read-json.ts'
import { VM_SIZES, type VmSize, vmSize } from './vm-sizes.ts'

/** A limit of a subscription in a region, as `usages` answers it. */
export interface Usage {
  /** `cores`, `lowPriorityCores`, `virtualMachines`, or a family. */
  name: string
  localizedName: string
  limit: number
  current: number
}

/** Limits that PUT /_slipway/quota hasn't set. Roomier than a new subscription's, so that a benchmark of many clusters fits. */
const FALLBACK = { cores: 20_000, lowPriorityCores: 20_000, virtualMachines: 25_000, family: 20_000 }

/** Of all machines that exist: a deallocated one still counts [learn: virtual-machines/quotas]. */
export function usages(azure: Azure, subscriptionId: string, location: string): Usage[] {
  const current = new Map<string, number>()
  const count = (name: string, by: number) => current.set(name, (current.get(name) ?? 0) + by)
  for (const machine of azure.resources.ofType('Microsoft.Compute/virtualMachines', `/subscriptions/${subscriptionId}`)) {
    const size = vmSize(textAt(machine.properties, 'hardwareProfile', 'vmSize') ?? '')
    if (!size || machine.location !== location) continue
    count('virtualMachines', 1)
    for (const name of countedBy(size, isSpot(textAt(machine.properties, 'priority')))) count(name, size.vCpus)
  }
  const usage = (name: string, localizedName: string, fallback: number): Usage => ({
    name,
    localizedName,
    limit: azure.quota(location, name, fallback),
    current: current.get(name) ?? 0,
  })
  return [
    usage('cores', 'Total Regional vCPUs', FALLBACK.cores),
    usage('virtualMachines', 'Virtual Machines', FALLBACK.virtualMachines),
    usage('lowPriorityCores', 'Total Regional Spot vCPUs', FALLBACK.lowPriorityCores),
    ...[...new Set(VM_SIZES.map((size) => size.family))].map((family) =>
      usage(family, `${family.replace('standard', 'Standard ')} vCPUs`, FALLBACK.family),
    ),
  ]
}

export interface Demand {
  size: VmSize
  spot: boolean
  subscriptionId: string
  location: string
  /** What the machine has now, when it is resized. */
  instead?: VmSize
}

/** Throws the quota sentence when a machine of this size is one too many. */
export function assertQuota(azure: Azure, { size, spot, subscriptionId, location, instead }: Demand): void {
  const now = usages(azure, subscriptionId, location)
  for (const name of countedBy(size, spot)) {
    const usage = now.find((entry) => entry.name === name)
    const freed = instead && countedBy(instead, spot).includes(name) ? instead.vCpus : 0
    const required = size.vCpus - freed
    if (usage && required > 0 && usage.current + required > usage.limit) {
      throw quotaExceeded({ name: spokenName(name), location, limit: usage.limit, usage: usage.current, required })
    }
  }
}

/** The sentence as if the family's quota were used up: for the fault plan. */
export function usedUp(azure: Azure, { size, spot, subscriptionId, location }: Demand): QuotaExceeded {
  const name = countedBy(size, spot)[0] ?? 'cores'
  const usage = usages(azure, subscriptionId, location).find((entry) => entry.name === name)?.current ?? 0
  return { name: spokenName(name), location, limit: usage, usage, required: size.vCpus }
}

function countedBy(size: VmSize, spot: boolean): string[] {
  return spot ? ['lowPriorityCores'] : [size.family, 'cores']
}

/** `Low` is Spot's former name. */
export function isSpot(priority: string | undefined): boolean {
  return priority === 'Spot' || priority === 'Low'
}

function spokenName(name: string): string {
  if (name === 'cores') return 'Total Regional'
  return name === 'lowPriorityCores' ? 'LowPriority' : name
}
