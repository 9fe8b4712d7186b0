import { NetworkManagementClient } from '@azure/arm-network'
import type { Latency } from '../../../../local/cloud/latencies.ts'
import { networkProvider } from '../../../../local/cloud/network/network-provider.ts'
import { type TestCloud, testCloud } from '../sdk.ts'

export const GROUP = 'slipway'
export const location = 'northeurope'

/** An operation of the simulator is over before the SDK has asked twice. */
export const soon = { updateIntervalInMs: 5 }

/** A simulated Azure and the few things that most network tests start from. */
export interface NetworkWorld {
  readonly cloud: TestCloud
  /** The official client, as the subscription's owner. */
  readonly client: NetworkManagementClient
  /** ARM id of a resource of Microsoft.Network in the group. */
  id(path: string): string
  makeNetwork(name: string, subnets?: Record<string, string>): Promise<unknown>
  makeAddress(name: string, domainNameLabel?: string): Promise<unknown>
  /** A network interface in the subnet `nodes` of `network`. */
  makeInterface(name: string, network: string, rest?: { privateIPAddress?: string; publicIP?: string; group?: string }): Promise<unknown>
  /** What a machine of Microsoft.Compute looks like from here. */
  attach(machine: string, networkInterface: string): void
  detach(machine: string): void
  /** What takes this latency begins during `action` and does not end in the test's time. */
  whileLasting(latency: Latency, action: () => Promise<void>): Promise<void>
  /** The control plane's role without this action, during `asControlPlane`. */
  withoutAction(action: string, asControlPlane: (client: NetworkManagementClient) => Promise<void>): Promise<void>
}

export async function networkWorld(): Promise<NetworkWorld> {
  const cloud = await testCloud({ providers: [networkProvider] })
  const { azure, landingZone } = cloud
  const client = new NetworkManagementClient(cloud.owner, landingZone.subscriptionId, cloud.clientOptions)
  const group = `/subscriptions/${landingZone.subscriptionId}/resourceGroups/${GROUP}`
  const id = (path: string) => `${group}/providers/Microsoft.Network/${path}`
  const machineId = (name: string) => `${group}/providers/Microsoft.Compute/virtualMachines/${name}`
  return {
    cloud,
    client,
    id,
    makeNetwork: (name, subnets = { nodes: '10.0.0.0/24' }) =>
      client.virtualNetworks.beginCreateOrUpdateAndWait(
        GROUP,
        name,
        {
          location,
          addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
          subnets: Object.entries(subnets).map(([subnet, addressPrefix]) => ({ name: subnet, addressPrefix })),
        },
        soon,
      ),
    makeAddress: (name, domainNameLabel) =>
      client.publicIPAddresses.beginCreateOrUpdateAndWait(
        GROUP,
        name,
        {
          location,
          sku: { name: 'Standard' },
          publicIPAllocationMethod: 'Static',
          ...(domainNameLabel === undefined ? {} : { dnsSettings: { domainNameLabel } }),
        },
        soon,
      ),
    makeInterface: (name, network, { privateIPAddress, publicIP, group: securityGroup } = {}) =>
      client.networkInterfaces.beginCreateOrUpdateAndWait(
        GROUP,
        name,
        {
          location,
          ipConfigurations: [
            {
              name: 'primary',
              subnet: { id: id(`virtualNetworks/${network}/subnets/nodes`) },
              ...(privateIPAddress === undefined ? {} : { privateIPAddress, privateIPAllocationMethod: 'Static' }),
              ...(publicIP === undefined ? {} : { publicIPAddress: { id: id(`publicIPAddresses/${publicIP}`) } }),
            },
          ],
          ...(securityGroup === undefined ? {} : { networkSecurityGroup: { id: id(`networkSecurityGroups/${securityGroup}`) } }),
        },
        soon,
      ),
    attach: (machine, networkInterface) =>
      azure.change(() => {
        azure.resources.put({
          id: machineId(machine),
          type: 'Microsoft.Compute/virtualMachines',
          name: machine,
          location,
          provisioningState: 'Succeeded',
          properties: { networkProfile: { networkInterfaces: [{ id: id(`networkInterfaces/${networkInterface}`) }] } },
          envelope: {},
          hidden: {},
        })
      }),
    async whileLasting(latency, action) {
      await cloud.request('PUT', '/_slipway/latencies', { body: { [latency]: 86_400 } })
      try {
        await action()
      } finally {
        await cloud.request('PUT', '/_slipway/latencies', { body: { [latency]: null } })
      }
    },
    async withoutAction(action, asControlPlane) {
      const change = (body: object) => cloud.request('PUT', '/_slipway/roles', { body: { roleName: 'Slipway control plane', ...body } })
      await change({ remove: [action] })
      try {
        await asControlPlane(new NetworkManagementClient(cloud.controlPlane, landingZone.subscriptionId, cloud.clientOptions))
      } finally {
        await change({ add: [action] })
      }
    },
    detach: (machine) => azure.change(() => azure.resources.delete(machineId(machine))),
  }
}
