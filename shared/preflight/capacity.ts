import { type MachineSize, machineSizes, type Quota, quotasIn, sizePermissions } from '../azure/machine-sizes.ts'
import type { Cluster } from '../clusters/cluster.ts'
import { DATA_DISK_FIELD, dataDiskTooSmall } from '../clusters/data-disk.ts'
import type { Node } from '../clusters/node.ts'
import type { Finding } from './finding.ts'
import type { PreflightCheck } from './site.ts'

/** Each machine's size is sold in the location, and the subscription has vCPUs left for all of them at once. */
export const capacity: PreflightCheck = {
  kind: 'preflight.capacity',
  check: 'quota',
  feature: 'preflight',
  permissions: sizePermissions,
  async look({ clients, cluster }) {
    const { location } = cluster.request
    const [sizes, quotas] = await Promise.all([machineSizes(clients, location), quotasIn(clients, location)])
    const known = new Map(sizes.map((size) => [size.name.toLowerCase(), size]))
    const wanted = cluster.nodes.map((node) => ({ node, size: known.get(node.instanceType.toLowerCase()) }))
    return [...unsold(wanted, location), ...cramped(cluster, sizes), ...exceeded(demandOf(wanted), quotas, cluster)]
  },
}

interface Wanted {
  readonly node: Node
  readonly size: MachineSize | undefined
}

function unsold(wanted: readonly Wanted[], location: string): readonly Finding[] {
  const names = new Set(wanted.flatMap(({ node, size }) => (!size || size.restricted ? node.instanceType : [])))
  return [...names].map((name) => ({
    check: 'size',
    severity: 'error',
    message: `The size ${name} is not available to the subscription in ${location}.`,
    remedy: `Choose another size or location: az vm list-skus --location ${location} --resource-type virtualMachines --output table`,
  }))
}

/** A restored cluster has the disks that there were. */
function cramped(cluster: Cluster, sizes: readonly MachineSize[]): readonly Finding[] {
  const tooSmall = cluster.restoredFrom === undefined ? dataDiskTooSmall(cluster, sizes) : undefined
  if (tooSmall === undefined) return []
  return [
    {
      check: 'size',
      severity: 'error',
      field: DATA_DISK_FIELD,
      message: `${DATA_DISK_FIELD}: ${tooSmall}`,
      remedy: 'Ask for a larger disk, or choose a size with less memory.',
    },
  ]
}

/** vCPUs and machines by the quota that they count against [learn: virtual-machines/quotas]. */
function demandOf(wanted: readonly Wanted[]): ReadonlyMap<string, number> {
  const demand = new Map<string, number>()
  const add = (name: string, by: number) => demand.set(name, (demand.get(name) ?? 0) + by)
  for (const { node, size } of wanted) {
    add('virtualMachines', 1)
    for (const name of node.spot ? ['lowPriorityCores'] : [size?.family, 'cores']) if (name && size) add(name, size.vCpus)
  }
  return demand
}

function exceeded(demand: ReadonlyMap<string, number>, quotas: readonly Quota[], { request }: Cluster): readonly Finding[] {
  return quotas.flatMap(({ name, title, limit, used }): readonly Finding[] => {
    const wanted = demand.get(name) ?? 0
    if (wanted === 0 || used + wanted <= limit) return []
    return [
      {
        check: 'quota',
        severity: 'error',
        message: `The quota ${title} in ${request.location} is ${limit}, ${used} of it used; the cluster needs ${wanted}.`,
        remedy: `Ask for more in the portal under Quotas, choose other sizes, or remove what is not needed: az vm list-usage --location ${request.location} --output table`,
      },
    ]
  })
}
