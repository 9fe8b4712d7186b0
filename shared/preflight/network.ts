import type { VirtualNetwork } from '@azure/arm-network'
import { unlessAbsent } from '../azure/absent.ts'
import { capacityOf, overlaps, parseCidr } from '../azure/cidr.ts'
import type { AzureClients } from '../azure/clients.ts'
import type { Cluster } from '../clusters/cluster.ts'
import { NETWORK_PREFIX } from '../clusters/plan-creation.ts'
import type { Finding } from './finding.ts'
import type { PreflightCheck } from './site.ts'

/** The addresses suffice, and those of a network that is ours collide with none that it may have to be peered with. */
export const addresses: PreflightCheck = {
  kind: 'preflight.network',
  check: 'network',
  feature: 'preflight',
  permissions: ['Microsoft.Network/virtualNetworks/read', 'Microsoft.Network/virtualNetworks/subnets/read'],
  look: ({ clients, cluster }) => (cluster.network.ownsVirtualNetwork ? overlapping(clients, cluster) : crowded(clients, cluster)),
}

async function overlapping({ network }: AzureClients, cluster: Cluster): Promise<readonly Finding[]> {
  const own = parseCidr(NETWORK_PREFIX)
  const others: VirtualNetwork[] = []
  for await (const other of network.virtualNetworks.list(cluster.network.resourceGroup)) others.push(other)
  return others.flatMap(({ id = '', name = '', addressSpace }): readonly Finding[] => {
    const shared = addressSpace?.addressPrefixes?.find((prefix) => {
      const range = parseCidr(prefix)
      return own && range && overlaps(own, range)
    })
    if (shared === undefined) return []
    return [
      {
        check: 'network',
        severity: cluster.request.aksClusterName === '' ? 'warning' : 'error',
        message: `The cluster's network will be ${NETWORK_PREFIX}, which overlaps ${shared} of ${name}: the two can never be peered.`,
        remedy: 'Give a virtual network and a subnet of your own if they must reach each other.',
        resource: id,
      },
    ]
  })
}

async function crowded({ network }: AzureClients, { network: at, nodes }: Cluster): Promise<readonly Finding[]> {
  const subnet = await unlessAbsent(network.subnets.get(at.resourceGroup, at.virtualNetwork, at.subnet))
  const prefix = subnet?.addressPrefix ?? subnet?.addressPrefixes?.[0]
  const range = prefix === undefined ? undefined : parseCidr(prefix)
  if (!subnet || !range) return []
  const free = capacityOf(range) - (subnet.ipConfigurations?.length ?? 0)
  if (nodes.length <= free) return []
  return [
    {
      check: 'network',
      severity: 'error',
      message: `The subnet ${at.subnet} (${prefix}) has ${Math.max(0, free)} addresses left; the cluster needs ${nodes.length}.`,
      remedy: 'Choose a larger subnet or fewer nodes.',
      field: 'cluster.subnetName',
      ...(subnet.id !== undefined && { resource: subnet.id }),
    },
  ]
}
