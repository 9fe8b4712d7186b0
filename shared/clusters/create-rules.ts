import { invalid } from '../problem.ts'
import { type CatalogueEntry, imageIn } from '../versions/entry.ts'
import { compareVersions } from '../versions/order.ts'
import type { AzureCluster, RonDB } from './create-request.ts'
import { DATA_DISK_FIELD, LEAST_DATA_DISK } from './data-disk.ts'
import { checkSpot } from './spot-price.ts'

/** What no single field's schema can say; first finding is thrown as ProblemError `invalid` with the field's path. */
export function checkRules(cluster: AzureCluster, offered: readonly CatalogueEntry[]): void {
  checkVersion(cluster, offered)
  checkWorkers(cluster)
  checkNetwork(cluster)
  checkRondb(cluster.ronDB)
  if (cluster.clusterConfiguration.head.haEnabled)
    invalid('cluster.clusterConfiguration.head.haEnabled', 'a second head node is not available')
  if (cluster.collectLogs) invalid('cluster.collectLogs', 'is for AWS only')
  const days = cluster.backupRetentionPeriod
  if (days !== 0 && days < 7) invalid('cluster.backupRetentionPeriod', 'must be 0 (no backups) or at least 7 days')
  if (cluster.initScript !== '' && !cluster.initScript.startsWith('#!'))
    invalid('cluster.initScript', 'must start with #!/usr/bin/env bash')
  if (cluster.acrRegistryName === '' && (cluster.aksClusterName !== '' || needsRegistry(cluster.version)))
    invalid('cluster.acrRegistryName', 'acr_registry_name is missing')
}

/** A registry of the cluster's own is needed after 3.0.0 (contract §3.2). */
export const needsRegistry = (version: string): boolean => compareVersions(version, '3.0.0') > 0

function checkVersion({ version, os, location }: AzureCluster, offered: readonly CatalogueEntry[]): void {
  const entry = offered.find((known) => known.version === version)
  if (!entry) invalid('cluster.version', `${version} is not available; there are ${offered.map((known) => known.version).join(', ')}`)
  if (!entry.images.some((image) => image.os === os)) invalid('cluster.os', `there is no ${os} image of version ${version}; choose ubuntu`)
  if (!imageIn(entry, os, location)) invalid('cluster.location', `there is no ${os} image of version ${version} in ${location}`)
}

/** More machines than this are a slip of the pen: a subscription's quota ends long before. */
export const MOST_WORKERS = 1000

function checkWorkers({ location, autoscale, clusterConfiguration: { workers } }: AzureCluster): void {
  const count = workers.reduce((sum, group) => sum + group.count, 0)
  if (count > MOST_WORKERS) invalid('cluster.clusterConfiguration.workers', `must be at most ${MOST_WORKERS} in all`)
  for (const [index, worker] of workers.entries()) checkSpot(`cluster.clusterConfiguration.workers.${index}`, worker, location)
  if (autoscale) checkSpot('cluster.autoscale.nonGpu', autoscale, location)
  if (autoscale && workers.length > 0) invalid('cluster.autoscale', 'workers and autoscale exclude each other')
}

/** A virtual network and its subnet are given together. */
export function checkNetwork({ virtualNetworkName, subnetName }: AzureCluster): void {
  if (virtualNetworkName !== '' && subnetName === '') invalid('cluster.subnetName', 'is needed with a virtual network')
  if (virtualNetworkName === '' && subnetName !== '') invalid('cluster.virtualNetworkName', 'is needed with a subnet')
}

function checkRondb({ allInOne, configuration, mgmd, ndbd, mysqld, api }: RonDB): void {
  const at = (field: string) => `cluster.ronDB.${field}`
  if (ndbd.instanceType === '') invalid(at('ndbd.instanceType'), 'is needed')
  if (ndbd.diskSize < LEAST_DATA_DISK)
    invalid(DATA_DISK_FIELD, `must be at least ${LEAST_DATA_DISK} GB, and 1.8 times the memory of ${ndbd.instanceType} more`)
  if (allInOne) {
    if (ndbd.count !== 1) invalid(at('ndbd.count'), 'must be 1 on a single node')
    return
  }
  if (mgmd.count !== 1) invalid(at('mgmd.count'), 'must be 1')
  if (mgmd.instanceType === '') invalid(at('mgmd.instanceType'), 'is needed')
  if (ndbd.count < 1) invalid(at('ndbd.count'), 'must be at least 1')
  if (ndbd.count % configuration.ndbdDefault.replicationFactor !== 0)
    invalid(at('ndbd.count'), 'number of RonDB data nodes must be multiples of RonDB replication factor')
  if (mysqld.count < 1) invalid(at('mysqld.count'), 'must be at least 1')
  if (mysqld.instanceType === '') invalid(at('mysqld.instanceType'), 'is needed')
  if (api.count > 0 && api.instanceType === '') invalid(at('api.instanceType'), 'is needed')
}
