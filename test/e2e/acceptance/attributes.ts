import {
  type ClusterBlock,
  DEFAULT_HEAD,
  DEFAULT_RONDB,
  DEFAULT_SETTINGS,
  DEFAULT_TAGS,
  DEFAULT_VERSION,
  expandAutoscale,
  expandPorts,
  expandRondb,
  expandWorker,
  PLACE,
  SSH_KEY,
  type Workers,
} from './cluster-block.ts'
import type { Cluster } from './wire-structs.ts'

/** What Terraform compares. An attribute that stands in no block is left to the server. */
export type Attributes = Readonly<Record<string, unknown>>

/** Workers are a set: their order does not count. */
const asSet = (workers: readonly Workers[]) => workers.map((worker) => JSON.stringify(worker)).sort()

const rondbAttributes = ({ allInOne, configuration, mgmd, ndbd, mysqld, api }: ReturnType<typeof expandRondb>): Attributes => {
  if (allInOne) return { 'rondb.single_node.instance_type': ndbd.instanceType, 'rondb.single_node.disk_size': ndbd.diskSize }
  return {
    'rondb.configuration': configuration,
    'rondb.management_nodes': mgmd,
    'rondb.data_nodes.instance_type': ndbd.instanceType,
    'rondb.data_nodes': [ndbd.diskSize, ndbd.count],
    'rondb.mysql_nodes.instance_type': mysqld.instanceType,
    'rondb.mysql_nodes': [mysqld.diskSize, mysqld.count, mysqld.arrowFlight],
    ...(api.count > 0 && { 'rondb.api_nodes.instance_type': api.instanceType, 'rondb.api_nodes': [api.diskSize, api.count] }),
  }
}

/** What a block asks for. */
export function attributesOf(block: ClusterBlock): Attributes {
  const { openPorts, updateState = 'none', rondb = DEFAULT_RONDB, tags = DEFAULT_TAGS } = block
  const { instanceType, diskSize } = { ...DEFAULT_HEAD, ...block.head }
  const settings = { ...DEFAULT_SETTINGS, ...block.settings }
  return {
    name: block.name,
    version: block.version ?? DEFAULT_VERSION,
    ssh_key: SSH_KEY,
    'head.instance_type': instanceType,
    'head.disk_size': diskSize,
    'head.ha_enabled': false,
    workers: asSet((block.workers ?? []).map(expandWorker)),
    autoscale: block.autoscale && expandAutoscale(block.autoscale),
    ...rondbAttributes(expandRondb(rondb)),
    ...(openPorts && { open_ports: expandPorts(openPorts) }),
    update_state: updateState,
    tags,
    backup_retention_period: block.backupRetentionPeriod ?? 0,
    issue_lets_encrypt_certificate: settings.issueLetsEncrypt,
    attach_public_ip: settings.attachPublicIP,
    managed_users: settings.managedUsers,
    init_script: settings.initScript,
    run_init_script_first: settings.runInitScriptFirst,
    os: 'ubuntu',
    deactivate_hopsworksai_log_collection: settings.deactivateLogReport,
    collect_logs: false,
    cluster_domain_prefix: '',
    custom_hosted_zone: '',
    azure_attributes: PLACE,
    'azure_attributes.container.encryption': 'None',
  }
}

/** What a cluster is, in the same words. */
export function attributesIn(cluster: Cluster, updateState: string): Attributes {
  const { clusterConfiguration, autoscale, azure, ronDB } = cluster
  const { location, managedIdentity, resourceGroup, storageAccount, acrRegistryName, aksClusterName, containerConfiguration } = azure
  const { head } = clusterConfiguration
  const spot = (spotInfo: { maxPrice: number; fallBackOnDemand: boolean } | undefined) => spotInfo && { spotInfo }
  const nonGpu = autoscale?.nonGpu
  return {
    name: cluster.name,
    version: cluster.version,
    ssh_key: cluster.sshKeyName,
    'head.instance_type': head.instanceType,
    'head.disk_size': head.diskSize,
    'head.ha_enabled': head.haEnabled,
    // Workers that scale are not the user's.
    workers: nonGpu
      ? []
      : asSet(
          clusterConfiguration.workers.map(({ privateIps: _, spotInfo, instanceType, diskSize, count }) => ({
            instanceType,
            diskSize,
            count,
            ...spot(spotInfo),
          })),
        ),
    autoscale: nonGpu && withoutAbsent(nonGpu),
    ...(ronDB && rondbAttributes(withoutAddresses(ronDB))),
    open_ports: cluster.ports,
    update_state: updateState,
    tags: Object.fromEntries(cluster.tags.map(({ name, value }) => [name, value])),
    backup_retention_period: cluster.backupRetentionPeriod,
    issue_lets_encrypt_certificate: cluster.letsEncryptIssued,
    attach_public_ip: cluster.publicIPAttached,
    managed_users: cluster.managedUsers,
    init_script: cluster.initScript,
    run_init_script_first: cluster.runInitScriptFirst,
    os: cluster.os,
    deactivate_hopsworksai_log_collection: cluster.deactivateLogReport,
    collect_logs: cluster.collectLogs,
    cluster_domain_prefix: cluster.clusterDomainPrefix,
    custom_hosted_zone: cluster.customHostedZone,
    azure_attributes: { location, managedIdentity, resourceGroup, storageAccount, acrRegistryName, aksClusterName },
    'azure_attributes.container.encryption': containerConfiguration?.encryption.mode,
  }
}

const withoutAbsent = <T extends object>(struct: T) => Object.fromEntries(Object.entries(struct).filter(([, value]) => value !== undefined))

function withoutAddresses({ mgmd, ndbd, mysqld, api, ...rest }: NonNullable<Cluster['ronDB']>): ReturnType<typeof expandRondb> {
  const nodes = ({ instanceType, diskSize, count }: typeof mgmd) => ({ instanceType, diskSize, count })
  return {
    ...rest,
    mgmd: nodes(mgmd),
    ndbd: nodes(ndbd),
    mysqld: { ...nodes(mysqld), arrowFlight: mysqld.arrowFlight },
    api: nodes(api),
  }
}

/** All others are not changed in place: where one differs, Terraform means to destroy the cluster and make another [contract §1.5]. */
const IN_PLACE =
  /^(version|head\.instance_type|rondb\.(data_nodes|mysql_nodes|api_nodes|single_node)\.instance_type|workers|autoscale|open_ports|update_state)$/

export const isInPlace = (attribute: string): boolean => IN_PLACE.test(attribute)
