import type { ResourceSku } from '@azure/arm-compute'
import { isRestError } from '@azure/core-rest-pipeline'
import { ProblemError } from '../problem.ts'
import type { AzureClients } from './clients.ts'
import { permissionRemedy } from './permission-denied.ts'

const SKUS_READ = 'Microsoft.Compute/skus/read'
const USAGES_READ = 'Microsoft.Compute/locations/usages/read'

/** What the functions here ask of the subscription. */
export const sizePermissions: readonly string[] = [SKUS_READ, USAGES_READ]

/** A VM size as it is sold to the subscription in one location. */
export interface MachineSize {
  readonly name: string
  /** The quota that its vCPUs count against. */
  readonly family: string
  readonly vCpus: number
  /** GB */
  readonly memory: number
  readonly nvme: boolean
  readonly premiumStorage: boolean
  /** A machine cannot change between sizes with and without one. */
  readonly temporaryDisk: boolean
  /** Azure lists it and does not sell it to this subscription. */
  readonly restricted: boolean
}

/** Without a location: what is sold anywhere, each size once. */
export async function machineSizes(clients: AzureClients, location?: string): Promise<readonly MachineSize[]> {
  const sizes = new Map<string, MachineSize>()
  const filter = location === undefined ? {} : { filter: `location eq '${location}'` }
  for (const sku of await listed(clients, SKUS_READ, clients.compute.resourceSkus.list(filter))) {
    const size = sku.resourceType === 'virtualMachines' ? sizeOf(sku) : undefined
    if (size && sizes.get(size.name)?.restricted !== false) sizes.set(size.name, size)
  }
  return [...sizes.values()]
}

/** This client's lists throw away the sentence in which Azure names the missing action: it is what was asked for. */
async function listed<T>({ subscriptionId }: AzureClients, action: string, pages: AsyncIterable<T>): Promise<readonly T[]> {
  const items: T[] = []
  try {
    for await (const item of pages) items.push(item)
  } catch (error) {
    if (!isRestError(error) || error.statusCode !== 403) throw error
    const scope = `/subscriptions/${subscriptionId}`
    const message = `The app lacks the permission ${action} on the subscription ${subscriptionId}.`
    throw new ProblemError({ code: 'permission', message, remedy: permissionRemedy({ action, scope }), action, scope, retryable: false })
  }
  return items
}

function sizeOf({ name, family = '', capabilities = [], restrictions = [] }: ResourceSku): MachineSize | undefined {
  if (!name) return undefined
  const capability = (wanted: string) => capabilities.find((known) => known.name === wanted)?.value
  return {
    name,
    family,
    vCpus: Number(capability('vCPUs') ?? 0),
    memory: Number(capability('MemoryGB') ?? 0),
    nvme: Number(capability('NvmeDiskSizeInMiB') ?? 0) > 0,
    premiumStorage: capability('PremiumIO') === 'True',
    temporaryDisk: Number(capability('MaxResourceVolumeMB') ?? 0) > 0,
    restricted: restrictions.some(({ type }) => type === 'Location'),
  }
}

export interface Quota {
  /** `cores`, `lowPriorityCores`, `virtualMachines`, or a family of sizes. */
  readonly name: string
  /** For people. */
  readonly title: string
  readonly limit: number
  readonly used: number
}

export async function quotasIn(clients: AzureClients, location: string): Promise<readonly Quota[]> {
  const usages = await listed(clients, USAGES_READ, clients.compute.usage.list(location))
  return usages.flatMap(({ name, limit, currentValue }) =>
    name?.value ? [{ name: name.value, title: name.localizedValue ?? name.value, limit, used: currentValue }] : [],
  )
}
