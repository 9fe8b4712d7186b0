import { ComputeManagementClient, type VirtualMachine } from '@azure/arm-compute'
import { ManagedServiceIdentityClient } from '@azure/arm-msi'
import { NetworkManagementClient } from '@azure/arm-network'
import type { HttpClient } from '@azure/core-rest-pipeline'
import type { Cloud } from '../../../../local/cloud/start-cloud.ts'
import type { TestCloud } from '../sdk.ts'

export const GROUP = 'slipway'
export const LOCATION = 'northeurope'
export const KEY = `ssh-ed25519 ${'A'.repeat(68)} test`

/** Milliseconds between two polls. */
export const soon = { updateIntervalInMs: 5 }

/** SDK clients that ask again at once: Retry-After's shortest is a whole second, the simulator's operations take milliseconds here. */
export function clientsOf(cloud: TestCloud, credential = cloud.owner) {
  const httpClient: HttpClient = {
    async sendRequest(request) {
      const response = await cloud.clientOptions.httpClient.sendRequest(request)
      if (response.status < 400) response.headers.delete('Retry-After')
      return response
    },
  }
  const options = { ...cloud.clientOptions, httpClient }
  const { subscriptionId } = cloud.landingZone
  return {
    compute: new ComputeManagementClient(credential, subscriptionId, options),
    network: new NetworkManagementClient(credential, subscriptionId, options),
    identities: new ManagedServiceIdentityClient(credential, subscriptionId, options),
  }
}

export const groupId = ({ landingZone }: Cloud) => `/subscriptions/${landingZone.subscriptionId}/resourceGroups/${GROUP}`
export const nicId = (cloud: Cloud, name: string) => `${groupId(cloud)}/providers/Microsoft.Network/networkInterfaces/${name}`
export const diskId = (cloud: Cloud, name: string) => `${groupId(cloud)}/providers/Microsoft.Compute/disks/${name}`

/** A free NIC in the landing zone's existing network. */
export async function makeNic(cloud: Cloud, network: NetworkManagementClient, name: string): Promise<string> {
  const subnet = `/subscriptions/${cloud.landingZone.subscriptionId}/resourceGroups/network/providers/Microsoft.Network/virtualNetworks/existing-vnet/subnets/default`
  await network.networkInterfaces.beginCreateOrUpdateAndWait(
    GROUP,
    name,
    { location: LOCATION, ipConfigurations: [{ name: 'ip', subnet: { id: subnet } }] },
    soon,
  )
  return nicId(cloud, name)
}

/** A machine as the control plane asks for it; `more` replaces whole profiles. */
export function machineModel(cloud: Cloud, nic: string, more: Partial<VirtualMachine> = {}): VirtualMachine {
  return {
    location: LOCATION,
    hardwareProfile: { vmSize: 'Standard_D2s_v4' },
    storageProfile: {
      imageReference: { publisher: 'Canonical', offer: '0001-com-ubuntu-server-focal', sku: '20_04-lts-gen2', version: 'latest' },
      osDisk: { name: `${nic}-os`, createOption: 'FromImage', diskSizeGB: 64, deleteOption: 'Delete' },
    },
    osProfile: {
      computerName: 'head',
      adminUsername: 'ubuntu',
      linuxConfiguration: {
        disablePasswordAuthentication: true,
        ssh: { publicKeys: [{ path: '/home/ubuntu/.ssh/authorized_keys', keyData: KEY }] },
      },
    },
    networkProfile: { networkInterfaces: [{ id: nicId(cloud, nic), primary: true }] },
    ...more,
  }
}

/** `PowerState/running` → `running`. */
export async function powerState(compute: ComputeManagementClient, name: string): Promise<string | undefined> {
  const { statuses = [] } = await compute.virtualMachines.instanceView(GROUP, name)
  return statuses.find(({ code }) => code?.startsWith('PowerState/'))?.code?.slice('PowerState/'.length)
}

/** The error's code and message of a call that Azure refuses. */
export async function refusal(call: Promise<unknown>): Promise<{ status: number; code: string; message: string }> {
  try {
    await call
  } catch (error) {
    const { statusCode, code, message, details } = error as {
      statusCode?: number
      code?: string
      message: string
      details?: { error?: { code: string; message: string } }
    }
    return { status: Number(statusCode ?? 0), code: details?.error?.code ?? code ?? '', message: details?.error?.message ?? message }
  }
  throw new Error('The call was not refused.')
}
