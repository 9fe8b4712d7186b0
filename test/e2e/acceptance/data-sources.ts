import type { ProviderClient } from './provider-client.ts'
import type { Backup, Cluster, SupportedType, SupportedTypes, SupportedVersion } from './wire-structs.ts'

/** The provider's data sources: what it chooses from the server's lists [contract §1.4]. */

export const nodeTypes = ['head', 'worker', 'rondb_management', 'rondb_data', 'rondb_mysql', 'rondb_api'] as const
export type NodeType = (typeof nodeTypes)[number]

const listed: Record<NodeType, (types: SupportedTypes) => readonly SupportedType[]> = {
  head: ({ head }) => head,
  worker: ({ worker }) => worker,
  rondb_management: ({ ronDB }) => ronDB.mgmd,
  rondb_data: ({ ronDB }) => ronDB.ndbd,
  rondb_mysql: ({ ronDB }) => ronDB.mysqld,
  rondb_api: ({ ronDB }) => ronDB.api,
}

/** `data "hopsworksai_instance_types"`: the smallest first. */
export async function instanceTypes(client: ProviderClient, nodeType: NodeType, region?: string): Promise<readonly SupportedType[]> {
  const types = listed[nodeType](await client.supportedTypes(region))
  return types.toSorted((a, b) => a.cpus - b.cpus || a.memory - b.memory)
}

export interface Demand {
  readonly nodeType: NodeType
  readonly region?: string
  readonly minMemoryGb?: number
  readonly minCpus?: number
  readonly withNvme?: boolean
}

/** `data "hopsworksai_instance_type"`: the first that suffices, or else the smallest of all. */
export async function instanceType(
  client: ProviderClient,
  { nodeType, region, minMemoryGb = 0, minCpus = 0, withNvme = false }: Demand,
): Promise<string> {
  const types = await instanceTypes(client, nodeType, region)
  const [smallest] = types
  if (!smallest) throw new Error(`no instance types available for ${nodeType}`)
  return (types.find(({ memory, cpus, withNVMe }) => memory >= minMemoryGb && cpus >= minCpus && withNVMe === withNvme) ?? smallest).id
}

export interface VersionFilter {
  readonly upgradeableFrom?: string
  readonly os?: 'ubuntu' | 'centos'
  readonly region?: string
}

/** `data "hopsworksai_version"`: the first that fits, from the last one back. */
export async function version(client: ProviderClient, { upgradeableFrom, os, region }: VersionFilter = {}): Promise<SupportedVersion> {
  const isThere = ({ regions }: SupportedVersion) =>
    os === undefined || (region === undefined ? regions[os].length > 0 : regions[os].some((name) => name === 'ALL' || name === region))
  const fits = (one: SupportedVersion) => (upgradeableFrom === undefined || one.upgradableFromVersion === upgradeableFrom) && isThere(one)
  const found = (await client.versions()).findLast(fits)
  if (!found) throw new Error('no version matching criteria found')
  return found
}

/** `data "hopsworksai_clusters"`. */
export const clusters = (client: ProviderClient, cloud?: 'AWS' | 'AZURE' | 'GCP'): Promise<readonly Cluster[]> => client.clusters(cloud)

/** `data "hopsworksai_backups"`: the newest first, as the server gives them. */
export const backups = (client: ProviderClient, clusterId?: string): Promise<readonly Backup[]> => client.backups(clusterId)
