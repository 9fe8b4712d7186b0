/** The resource types of Microsoft.Network that refer to each other, spelled as Azure spells them. */
export const VIRTUAL_NETWORK = 'Microsoft.Network/virtualNetworks'
export const SUBNET = 'Microsoft.Network/virtualNetworks/subnets'
export const SECURITY_GROUP = 'Microsoft.Network/networkSecurityGroups'
export const SECURITY_RULE = 'Microsoft.Network/networkSecurityGroups/securityRules'
export const PUBLIC_IP_ADDRESS = 'Microsoft.Network/publicIPAddresses'
export const NETWORK_INTERFACE = 'Microsoft.Network/networkInterfaces'

/** Newest first: that of the SDK (2025-05-01), then those that the Azure CLI's commands are generated from. */
export const API_VERSIONS = [
  '2025-05-01',
  '2025-03-01',
  '2025-01-01',
  '2024-10-01',
  '2024-07-01',
  '2024-05-01',
  '2024-03-01',
  '2024-01-01',
  '2023-11-01',
  '2023-09-01',
  '2023-06-01',
  '2023-05-01',
  '2023-04-01',
  '2023-02-01',
  '2022-11-01',
  '2022-09-01',
  '2022-07-01',
  '2022-05-01',
  '2022-01-01',
  '2021-08-01',
  '2021-05-01',
  '2021-02-01',
  '2020-11-01',
  '2018-11-01',
] as const

/** Letters, digits, `_`, `.` and `-`, up to 80; ends with a word character [learn: resource-name-rules]. */
export const NAME_PATTERN = /^[A-Za-z0-9](?:[\w.-]{0,78}\w)?$/
