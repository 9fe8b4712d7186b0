import { ArmError } from '../arm/arm-error.ts'

/** Where Microsoft.Network says no, in its own words: codes and sentences as users have quoted them in public reports, where one was found. */

export function anotherOperationInProgress(): ArmError {
  return new ArmError(409, 'AnotherOperationInProgress', 'Another operation on this or dependent resource is in progress.')
}

export function invalidResourceReference(id: string, by: string): ArmError {
  return new ArmError(
    400,
    'InvalidResourceReference',
    `Resource ${id} referenced by resource ${by} was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.`,
  )
}

/** `retryAfter` in seconds, as the header has it. */
export function referencedResourceNotProvisioned(id: string, by: string, state: string, retryAfter: string): ArmError {
  const message = `Cannot proceed with operation because resource ${id} used by resource ${by} is not in Succeeded state. Resource is in ${state} state.`
  return new ArmError(429, 'RetryableError', 'A retryable error occurred.', {
    details: [{ code: 'ReferencedResourceNotProvisioned', message }],
    headers: { 'Retry-After': retryAfter },
  })
}

export function invalidAddressPrefixFormat(prefix: string, id: string): ArmError {
  return new ArmError(
    400,
    'InvalidAddressPrefixFormat',
    `Address prefix ${prefix} of resource ${id} is not formatted correctly. It should follow CIDR notation, for example 10.0.0.0/24.`,
  )
}

export function invalidCidrNotation(prefix: string, correct: string): ArmError {
  return new ArmError(
    400,
    'InvalidCIDRNotation',
    `The address prefix ${prefix} has an invalid CIDR notation. For the given prefix length, the address prefix should be ${correct}.`,
  )
}

export function addressSpaceOverlaps(id: string, one: string, other: string): ArmError {
  return new ArmError(
    400,
    'OverlappingAddressPrefixes',
    `Address prefixes ${one} and ${other} of virtual network ${id} overlap. Address prefixes of a virtual network must not overlap.`,
  )
}

export function subnetOutsideVnet(subnet: string, vnet: string): ArmError {
  return new ArmError(
    400,
    'NetcfgSubnetRangeOutsideVnet',
    `Subnet '${subnet}' is not valid because its IP address range is outside the IP address range of virtual network '${vnet}'.`,
  )
}

export function subnetRangesOverlap(subnet: string, vnet: string): ArmError {
  return new ArmError(
    400,
    'NetcfgSubnetRangesOverlap',
    `Subnet '${subnet}' is not valid because its IP address range overlaps with that of an existing subnet in virtual network '${vnet}'.`,
  )
}

export function invalidSubnet(subnet: string, vnet: string): ArmError {
  return new ArmError(400, 'NetcfgInvalidSubnet', `Subnet '${subnet}' is not valid in virtual network '${vnet}'.`)
}

export function subnetInUse(subnet: string, users: readonly string[]): ArmError {
  return new ArmError(
    400,
    'InUseSubnetCannotBeDeleted',
    `Subnet ${subnet} is in use by ${users.join(', ')} and cannot be deleted. In order to delete the subnet, delete all the resources within the subnet. See aka.ms/deletesubnet.`,
  )
}

export function prefixInUse(prefix: string, subnet: string): ArmError {
  return new ArmError(
    400,
    'InUsePrefixCannotBeDeleted',
    `IpPrefix ${prefix} on Subnet ${subnet} has active allocations and cannot be deleted.`,
  )
}

export function subnetIsFull(subnet: string, prefix: string): ArmError {
  return new ArmError(
    400,
    'SubnetIsFull',
    `Subnet ${subnet} with address prefix ${prefix} does not have enough capacity for 1 IP addresses.`,
  )
}

export function privateAddressNotInSubnet(address: string, prefix: string): ArmError {
  return new ArmError(
    400,
    'PrivateIPAddressNotInSubnet',
    `Private static IP address ${address} does not belong to the range of subnet prefix ${prefix}.`,
  )
}

export function privateAddressReserved(address: string, prefix: string): ArmError {
  return new ArmError(
    400,
    'PrivateIPAddressInReservedRange',
    `Private static IP address ${address} falls within reserved IP range of subnet prefix ${prefix}.`,
  )
}

export function privateAddressAllocated(configuration: string, address: string, holder: string): ArmError {
  return new ArmError(
    400,
    'PrivateIPAddressIsAllocated',
    `IP configuration ${configuration} is using the private IP address ${address} which is already allocated to resource ${holder}.`,
  )
}

export function networkInterfaceInUse(id: string, machine: string): ArmError {
  return new ArmError(
    400,
    'NicInUse',
    `Network Interface ${id} is used by existing resource ${machine}. In order to delete the network interface, it must be dissociated from the resource. To learn more, see aka.ms/deletenic.`,
  )
}

export function publicAddressTaken(configuration: string, id: string, holder: string): ArmError {
  return new ArmError(
    400,
    'PublicIPAddressInUse',
    `Resource ${configuration} is referencing public IP address ${id} that is already allocated to resource ${holder}.`,
  )
}

export function publicAddressInUse(id: string, holder: string): ArmError {
  return new ArmError(
    400,
    'PublicIPAddressCannotBeDeleted',
    `Public IP address ${id} can not be deleted since it is still allocated to resource ${holder}. In order to delete the public IP, disassociate/detach the Public IP address from the resource.  To learn how to do this, see aka.ms/deletepublicip.`,
  )
}

export function standardMustBeStatic(id: string): ArmError {
  return new ArmError(
    400,
    'StandardSkuPublicIPAddressesMustBeStatic',
    `Standard sku publicIp ${id} must have AllocationMethod set to Static.`,
  )
}

export function dnsRecordInUse(fqdn: string): ArmError {
  return new ArmError(400, 'DnsRecordInUse', `DNS record ${fqdn} is already used by another public IP.`)
}

export function invalidDomainNameLabel(label: string, pattern: string): ArmError {
  return new ArmError(
    400,
    'InvalidDomainNameLabel',
    `The domain name label ${label} is invalid. It must conform to the following regular expression: ${pattern}.`,
  )
}

export function invalidAvailabilityZone(zone: string, id: string, location: string, supported: readonly string[]): ArmError {
  return new ArmError(
    400,
    'InvalidAvailabilityZone',
    `The zone(s) '${zone}' for resource '${id}' is not supported. The supported zones for location '${location}' are '${supported.join(',')}'`,
  )
}

export function securityGroupInUse(id: string, users: readonly string[]): ArmError {
  return new ArmError(
    400,
    'InUseNetworkSecurityGroupCannotBeDeleted',
    `Network security group ${id} cannot be deleted because it is in use by the following resources: ${users.join(', ')}. In order to delete the Network security group, remove the association with the resource(s). To learn how to do this, see aka.ms/deletensg.`,
  )
}
