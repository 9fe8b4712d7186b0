import type { MachineSize } from '../azure/machine-sizes.ts'
import type { Cluster } from '../clusters/cluster.ts'
import { leastDataDisk } from '../clusters/data-disk.ts'
import type { Node, NodeRole } from '../clusters/node.ts'
import { invalid } from '../problem.ts'
import type { ResizableNodeType } from './wire.ts'

const roles: Record<ResizableNodeType, NodeRole> = {
  head: 'head',
  rondb_data: 'rondb-data',
  rondb_mysql: 'rondb-mysql',
  rondb_api: 'rondb-api',
  rondb_aio: 'rondb-all-in-one',
}

export const nodesOfType = ({ nodes }: Cluster, type: ResizableNodeType): readonly Node[] =>
  nodes.filter(({ role }) => role === roles[type])

const FIELD = 'nodeInfo.instanceType'

/** Throws ProblemError `invalid` where Azure or RonDB would not have the nodes on that size (contract §3.2). `sizes`: those of the cluster's location. */
export function checkResize(cluster: Cluster, type: ResizableNodeType, instanceType: string, sizes: readonly MachineSize[]): MachineSize {
  const nodes = nodesOfType(cluster, type)
  const find = (name: string) => sizes.find((size) => size.name.toLowerCase() === name.toLowerCase())
  const to = find(instanceType)
  if (nodes.length === 0) invalid('nodeInfo.nodeType', `the cluster has no ${type} nodes`)
  if (!to || to.restricted) invalid(FIELD, `${instanceType} is not available in ${cluster.request.location}`)
  for (const node of nodes) {
    const from = find(node.resizedFrom ?? node.instanceType)
    if (from && from.temporaryDisk !== to.temporaryDisk)
      invalid(
        FIELD,
        `Azure does not change a machine between sizes with and without a temporary disk, which ${from.name} and ${to.name} are`,
      )
    if (from?.premiumStorage && !to.premiumStorage)
      invalid(FIELD, `the disks of ${from.name} need a size with premium storage, which ${to.name} is not`)
    if (type === 'rondb_data' && from && to.memory < from.memory)
      invalid(FIELD, `data nodes only grow: ${to.name} has less memory than ${from.name}`)
    if (isDataNode(type) && node.diskSize < leastDataDisk(to))
      invalid(FIELD, `the disk of a data node on ${to.name} must have at least ${leastDataDisk(to)} GB, and has ${node.diskSize}`)
  }
  return to
}

const isDataNode = (type: ResizableNodeType): boolean => type === 'rondb_data' || type === 'rondb_aio'

/** The stopped cluster as it is to start: the machines change their size then. */
export function resized(cluster: Cluster, type: ResizableNodeType, instanceType: string): Cluster {
  const { request } = cluster
  const nodes = cluster.nodes.map((node) => (node.role === roles[type] ? onSize(node, instanceType) : node))
  const groups = { rondb_data: 'ndbd', rondb_aio: 'ndbd', rondb_mysql: 'mysqld', rondb_api: 'api' } as const
  if (type === 'head') {
    const { clusterConfiguration } = request
    const head = { ...clusterConfiguration.head, instanceType }
    return { ...cluster, nodes, request: { ...request, clusterConfiguration: { ...clusterConfiguration, head } } }
  }
  const group = groups[type]
  return { ...cluster, nodes, request: { ...request, ronDB: { ...request.ronDB, [group]: { ...request.ronDB[group], instanceType } } } }
}

/** Also back on the size that it had: a start that failed may have given its machine the other one. */
function onSize(node: Node, instanceType: string): Node {
  if (node.resizedFrom === undefined && node.instanceType === instanceType) return node
  return { ...node, instanceType, resizedFrom: node.resizedFrom ?? node.instanceType }
}
