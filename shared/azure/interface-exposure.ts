import type { NetworkInterface } from '@azure/arm-network'
import { unlessAbsent } from './absent.ts'
import { groupAndName, sameArmId } from './arm-id.ts'
import type { AzureClients } from './clients.ts'
import { submitted } from './submitted.ts'

export interface Exposure {
  readonly networkInterface: NetworkInterface
  readonly busy: boolean
  /** ARM id of its public address. */
  readonly publicIpAddress?: string
}

/** Undefined where Azure answers 404. */
export async function exposureOf({ network }: AzureClients, id: string): Promise<Exposure | undefined> {
  const networkInterface = await unlessAbsent(network.networkInterfaces.get(...groupAndName(id)))
  if (!networkInterface) return undefined
  const publicIpAddress = networkInterface.ipConfigurations?.[0]?.publicIPAddress?.id
  return {
    networkInterface,
    busy: !/^(Succeeded|Failed|Canceled)$/.test(networkInterface.provisioningState ?? 'Succeeded'),
    ...(publicIpAddress !== undefined && { publicIpAddress }),
  }
}

export const isExposedAs = ({ publicIpAddress }: Exposure, wanted: string | undefined): boolean =>
  publicIpAddress === undefined || wanted === undefined ? publicIpAddress === wanted : sameArmId(publicIpAddress, wanted)

/** Gives the interface a public address or takes it away, machine running or not; the private one stays. */
export async function expose({ network }: AzureClients, id: string, { networkInterface }: Exposure, wanted: string | undefined) {
  const [first, ...others] = networkInterface.ipConfigurations ?? []
  const { publicIPAddress: _, ...configuration } = first ?? {}
  const ipConfigurations = [{ ...configuration, ...(wanted !== undefined && { publicIPAddress: { id: wanted } }) }, ...others]
  await submitted((options) =>
    network.networkInterfaces.beginCreateOrUpdate(...groupAndName(id), { ...networkInterface, ipConfigurations }, options),
  )
}
