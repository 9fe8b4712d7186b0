import type { Location } from './azure.ts'

const ZONES = ['1', '2', '3']

/** A selection of Azure's regions; enough to be wrong about one. */
export const locations: readonly Location[] = [
  { name: 'northeurope', displayName: 'North Europe', geography: 'Europe', zones: ZONES },
  { name: 'westeurope', displayName: 'West Europe', geography: 'Europe', zones: ZONES },
  { name: 'swedencentral', displayName: 'Sweden Central', geography: 'Europe', zones: ZONES },
  { name: 'germanywestcentral', displayName: 'Germany West Central', geography: 'Europe', zones: ZONES },
  { name: 'uksouth', displayName: 'UK South', geography: 'UK', zones: ZONES },
  { name: 'eastus', displayName: 'East US', geography: 'US', zones: ZONES },
  { name: 'eastus2', displayName: 'East US 2', geography: 'US', zones: ZONES },
  { name: 'westus2', displayName: 'West US 2', geography: 'US', zones: ZONES },
  { name: 'southeastasia', displayName: 'Southeast Asia', geography: 'Asia Pacific', zones: ZONES },
  { name: 'westus', displayName: 'West US', geography: 'US', zones: [] },
]

/** `North Europe` and `northeurope` name the same region. */
export function normalLocation(text: string): string {
  return text.replaceAll(' ', '').toLowerCase()
}
