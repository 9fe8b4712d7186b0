import type { Azure } from '../azure.ts'
import { vmSize } from '../compute/vm-sizes.ts'
import type { CloudNode } from './agent-commands.ts'

/** Of machines, or asked for by jobs. */
export interface Resources {
  readonly vcores: number
  readonly memoryMB: number
}

const DEMANDS = 'demands'

/** From now on jobs ask this much of the cluster; kept in the journal. */
export function setDemand(azure: Azure, cluster: string, { vcores, memoryMB }: Resources): void {
  azure.records(DEMANDS).put(cluster.toLowerCase(), { vcores, memoryMB })
}

/** `head`: name of the cluster's head node, `<cluster>-master`. Idle unless something was set. */
export function demandOn(azure: Azure, head: string): Resources {
  const { vcores, memoryMB } = azure.records(DEMANDS).get(head.toLowerCase().replace(/-master$/, '')) ?? {}
  return { vcores: Number(vcores ?? 0), memoryMB: Number(memoryMB ?? 0) }
}

/** As YARN tells of its root queue: what the workers have room for is allocated, the rest waits. */
export function loadReport(demand: Resources, nodes: readonly CloudNode[]) {
  const sizes = nodes.filter(({ nodeType }) => nodeType === 'worker').flatMap(({ instanceType }) => vmSize(instanceType) ?? [])
  const vcores = Math.min(
    demand.vcores,
    sizes.reduce((sum, { vCpus }) => sum + vCpus, 0),
  )
  const memoryMB = Math.min(
    demand.memoryMB,
    sizes.reduce((sum, { memoryGb }) => sum + memoryGb * 1024, 0),
  )
  return {
    allocatedVcores: vcores,
    pendingVcores: demand.vcores - vcores,
    allocatedMemoryMB: memoryMB,
    pendingMemoryMB: demand.memoryMB - memoryMB,
  }
}
