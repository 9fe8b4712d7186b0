import { retryAfter } from '../arm/answers.ts'
import { parseResourceId, sameId } from '../arm/resource-id.ts'
import type { Azure } from '../azure.ts'
import { normalLocation } from '../locations.ts'
import type { Call } from '../provider.ts'
import type { ProvisioningState, Resource } from '../resource.ts'
import type { NetworkInterfaceProperties } from './network-interface-body.ts'
import { invalidResourceReference, referencedResourceNotProvisioned } from './refusals.ts'
import { NETWORK_INTERFACE, SUBNET } from './resource-types.ts'

/** Who refers to whom. Nothing is stored twice: a back reference is looked up when it is shown or must hold. */

export interface IpConfigurationReference {
  readonly id: string
  readonly networkInterface: Resource
  readonly configuration: NetworkInterfaceProperties['ipConfigurations'][number]
}

/** Subnets and rules change state with the resource they lie in. */
export function stateOf(azure: Azure, resource: Resource): ProvisioningState {
  if (resource.provisioningState !== 'Succeeded') return resource.provisioningState
  const parentId = parseResourceId(resource.id)?.parentId
  const parent = parentId === undefined ? undefined : azure.resources.get(parentId)
  if (!parent || parent.provisioningState === 'Succeeded') return 'Succeeded'
  return parent.provisioningState === 'Creating' ? 'Updating' : parent.provisioningState
}

export function isBusy(resource: Resource): boolean {
  return ['Creating', 'Updating', 'Deleting'].includes(resource.provisioningState)
}

/** The region of a resource being written. */
export function locationOf(call: Call, existing: Resource | undefined): string {
  return existing?.location ?? normalLocation(String(call.body.location ?? ''))
}

/** The resource that `by` refers to: there, in the same region, and not about to change; Azure's refusal otherwise. */
export function referenced(azure: Azure, id: string, type: string, by: { id: string; location: string | undefined }): Resource {
  const resource = azure.resources.get(id)
  if (resource?.type !== type || regionOf(azure, resource) !== by.location) throw invalidResourceReference(id, by.id)
  const state = stateOf(azure, resource)
  if (state !== 'Succeeded') throw referencedResourceNotProvisioned(resource.id, by.id, state, retryAfter(azure))
  return resource
}

function regionOf(azure: Azure, resource: Resource): string | undefined {
  if (resource.location !== undefined) return resource.location
  const parentId = parseResourceId(resource.id)?.parentId
  return parentId === undefined ? undefined : azure.resources.get(parentId)?.location
}

/** What `networkInterface.write` stored; the store itself knows only JSON. */
export function interfaceProperties(networkInterface: Resource): NetworkInterfaceProperties {
  return networkInterface.properties as NetworkInterfaceProperties
}

function ipConfigurationsWhere(
  azure: Azure,
  matches: (properties: IpConfigurationReference['configuration']['properties']) => boolean,
): IpConfigurationReference[] {
  return azure.resources.ofType(NETWORK_INTERFACE).flatMap((networkInterface) =>
    interfaceProperties(networkInterface)
      .ipConfigurations.filter(({ properties }) => matches(properties))
      .map((configuration) => ({
        id: `${networkInterface.id}/ipConfigurations/${configuration.name}`,
        networkInterface,
        configuration,
      })),
  )
}

export function ipConfigurationsIn(azure: Azure, subnetId: string): IpConfigurationReference[] {
  return ipConfigurationsWhere(azure, ({ subnet }) => sameId(subnet.id, subnetId))
}

/** The IP configuration that holds a public address. */
export function holderOf(azure: Azure, publicIpAddressId: string): IpConfigurationReference | undefined {
  return ipConfigurationsWhere(azure, ({ publicIPAddress }) => refersTo(publicIPAddress, publicIpAddressId))[0]
}

export function interfacesBehind(azure: Azure, securityGroupId: string): Resource[] {
  return azure.resources
    .ofType(NETWORK_INTERFACE)
    .filter((networkInterface) => refersTo(interfaceProperties(networkInterface).networkSecurityGroup, securityGroupId))
}

export function subnetsBehind(azure: Azure, securityGroupId: string): Resource[] {
  return azure.resources.ofType(SUBNET).filter((subnet) => refersTo(subnet.properties.networkSecurityGroup, securityGroupId))
}

/** The virtual machine that a network interface is part of. */
export function machineOf(azure: Azure, networkInterfaceId: string): Resource | undefined {
  return azure.resources.ofType('Microsoft.Compute/virtualMachines').find((machine) => {
    const profile = machine.properties.networkProfile as { networkInterfaces?: readonly { id?: string }[] } | undefined
    return profile?.networkInterfaces?.some((part) => refersTo(part, networkInterfaceId)) ?? false
  })
}

function refersTo(reference: unknown, id: string): boolean {
  return typeof reference === 'object' && reference !== null && 'id' in reference && sameId(String(reference.id), id)
}
