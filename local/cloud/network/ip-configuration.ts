import { ArmError } from '../arm/arm-error.ts'
import { sameId } from '../arm/resource-id.ts'
import type { Azure } from '../azure.ts'
import { parseIp } from './ip-range.ts'
import type { NetworkInterfaceProperties } from './network-interface-body.ts'
import { allocateAddress, assertAddressFree, heldAddresses } from './private-address.ts'
import { holderOf, referenced } from './references.ts'
import { publicAddressTaken } from './refusals.ts'
import { PUBLIC_IP_ADDRESS, SUBNET } from './resource-types.ts'

export type IpConfiguration = NetworkInterfaceProperties['ipConfigurations'][number]

/** The network interface being written. */
export interface Owner {
  readonly azure: Azure
  readonly id: string
  readonly location: string
  readonly former: NetworkInterfaceProperties | undefined
}

/** A reference that is new is checked; one that was there before is kept whatever state its target is in. */
export function resolve(owner: Owner, id: string, type: string, former: string | undefined): string {
  return former !== undefined && sameId(former, id) ? former : referenced(owner.azure, id, type, owner).id
}

/** The wanted configurations with references that exist, an address each, and exactly one primary. */
export function placeConfigurations(owner: Owner, wanted: readonly IpConfiguration[]): IpConfiguration[] {
  const names = new Set(wanted.map(({ name }) => name.toLowerCase()))
  if (names.size < wanted.length)
    throw new ArmError(400, 'DuplicateResourceName', `Resource ${owner.id} has two child resources with the same name.`)
  const resolved = wanted.map((configuration) => withReferences(owner, configuration))
  assertPublicAddressesFree(owner, resolved)
  return withPrimary(withAddresses(owner, resolved))
}

function idOf(owner: Owner, { name }: IpConfiguration): string {
  return `${owner.id}/ipConfigurations/${name}`
}

function formerOf(owner: Owner, { name }: IpConfiguration): IpConfiguration['properties'] | undefined {
  return owner.former?.ipConfigurations.find((former) => former.name === name)?.properties
}

function withReferences(owner: Owner, wanted: IpConfiguration): IpConfiguration {
  const former = formerOf(owner, wanted)
  const { subnet, publicIPAddress } = wanted.properties
  return {
    name: wanted.name,
    properties: {
      ...wanted.properties,
      subnet: { id: resolve(owner, subnet.id, SUBNET, former?.subnet.id) },
      publicIPAddress: publicIPAddress && {
        id: resolve(owner, publicIPAddress.id, PUBLIC_IP_ADDRESS, former?.publicIPAddress?.id),
      },
    },
  }
}

function assertPublicAddressesFree(owner: Owner, configurations: readonly IpConfiguration[]): void {
  const holders = new Map<string, string>()
  for (const configuration of configurations) {
    const id = configuration.properties.publicIPAddress?.id
    if (id === undefined) continue
    const other = holderOf(owner.azure, id)
    const holder = other && !sameId(other.networkInterface.id, owner.id) ? other.id : holders.get(id)
    if (holder !== undefined) throw publicAddressTaken(idOf(owner, configuration), id, holder)
    holders.set(id, idOf(owner, configuration))
  }
}

/** Addresses that are asked for or were there before are set aside first, so that none of them is given to a dynamic configuration. */
function withAddresses(owner: Owner, configurations: readonly IpConfiguration[]): IpConfiguration[] {
  const held = new Map<string, Map<number, string>>()
  const placeIn = (configuration: IpConfiguration, fixed: string | undefined): string => {
    const subnet = owner.azure.resources.get(configuration.properties.subnet.id)
    if (!subnet) throw new Error(`subnet ${configuration.properties.subnet.id} was resolved before`)
    const holders = held.get(subnet.id) ?? heldAddresses(owner.azure, subnet, { except: owner.id })
    held.set(subnet.id, holders)
    const id = idOf(owner, configuration)
    if (fixed !== undefined) assertAddressFree(subnet, fixed, id, holders)
    const address = fixed ?? allocateAddress(subnet, holders)
    holders.set(parseIp(address) ?? 0, id)
    return address
  }
  const fixed = configurations.map((configuration) => {
    const address = fixedAddress(configuration.properties, formerOf(owner, configuration))
    return address === undefined ? undefined : placeIn(configuration, address)
  })
  return configurations.map((configuration, index) => ({
    name: configuration.name,
    properties: { ...configuration.properties, privateIPAddress: fixed[index] ?? placeIn(configuration, undefined) },
  }))
}

/** A static address is as asked for; a dynamic one stays as long as its configuration stays in its subnet. */
function fixedAddress(wanted: IpConfiguration['properties'], former: IpConfiguration['properties'] | undefined): string | undefined {
  if (wanted.privateIPAllocationMethod === 'Static') return wanted.privateIPAddress ?? ''
  return former && sameId(former.subnet.id, wanted.subnet.id) ? former.privateIPAddress : undefined
}

/** Azure makes the first configuration primary when none is named. */
function withPrimary(configurations: readonly IpConfiguration[]): IpConfiguration[] {
  const primaries = configurations.filter(({ properties }) => properties.primary === true)
  if (primaries.length > 1)
    throw new ArmError(400, 'MoreThanOnePrimaryIpConfigurationsNotAllowed', 'More than one IP configuration is marked as primary.')
  const primary = primaries[0] ?? configurations[0]
  return configurations.map((configuration) => ({
    ...configuration,
    properties: { ...configuration.properties, primary: configuration === primary },
  }))
}
