import type { Autoscale } from '../autoscale/configuration.ts'
import { managedWorkers } from '../autoscale/managed-workers.ts'
import { type Cluster, standingOf } from './cluster.ts'
import { isHead, isWorker, type Node, type NodeRole } from './node.ts'
import { activationOf, allowedActions } from './transitions.ts'
import { BACK_UP } from './verdict.ts'
import type { WireCluster, WireWorker } from './wire.ts'

/** What Azure resolves names in where nobody has said otherwise (contract §3.1). */
const SEARCH_DOMAIN = 'internal.cloudapp.net'

/** The cluster as callers see it. What was given is repeated to the letter: a difference makes Terraform replace the cluster (contract §1.5). */
export function toWire(cluster: Cluster): WireCluster {
  const { request, network, nodes, failed } = cluster
  const standing = standingOf(cluster)
  const head = nodes.find(isHead)
  const workers = nodes.filter(isWorker)
  const scaled = managedWorkers(cluster)
  return {
    id: cluster.id,
    name: request.name,
    state: cluster.state,
    activationState: activationOf(standing),
    initializationStage: cluster.stage,
    createdOn: cluster.createdOn,
    startedOn: cluster.startedOn ?? 0,
    version: request.version,
    url: urlOf(cluster),
    provider: 'AZURE',
    ...(failed && { errorMessage: failed.message }),
    tags: request.tags,
    sshKeyName: request.sshKeyName,
    clusterConfiguration: {
      head: {
        ...request.clusterConfiguration.head,
        nodeId: head?.id ?? '',
        ...(head?.privateIp !== undefined && { privateIp: head.privateIp }),
      },
      workers: workerGroups(workers.filter((node) => !scaled.includes(node))),
    },
    publicIPAttached: request.attachPublicIP,
    letsEncryptIssued: request.issueLetsEncrypt,
    managedUsers: request.managedUsers,
    backupRetentionPeriod: request.backupRetentionPeriod,
    azure: {
      location: request.location,
      managedIdentity: request.managedIdentity,
      resourceGroup: request.resourceGroup,
      blobContainerName: request.blobContainerName,
      storageAccount: request.storageAccount,
      networkResourceGroup: network.resourceGroup,
      virtualNetworkName: network.virtualNetwork,
      subnetName: network.subnet,
      securityGroupName: network.securityGroup,
      aksClusterName: request.aksClusterName,
      acrRegistryName: request.acrRegistryName,
      searchDomain: request.searchDomain || SEARCH_DOMAIN,
      containerConfiguration: request.containerConfiguration,
    },
    ports: cluster.portsChange?.ports ?? cluster.ports,
    ronDB: rondbOf(cluster),
    ...(cluster.autoscale && { autoscale: { nonGpu: autoscaleToWire(cluster.autoscale) } }),
    initScript: request.initScript,
    runInitScriptFirst: request.runInitScriptFirst,
    os: request.os,
    deactivateLogReport: request.deactivateLogReport,
    collectLogs: request.collectLogs,
    backupPipelineInProgress: cluster.activeOperation?.kind === BACK_UP,
    ...(request.clusterDomainPrefix !== '' && { clusterDomainPrefix: request.clusterDomainPrefix }),
    ...(request.customHostedZone !== '' && { customHostedZone: request.customHostedZone }),
    ...(cluster.upgrade && { upgradeInProgress: { from: cluster.upgrade.from, to: cluster.upgrade.to } }),
    ...(cluster.autoscale && { managedWorkers: workerGroups(scaled) }),
    ...(cluster.autoscale && cluster.loadUnknown && { loadUnknown: true }),
    ...(isNews(cluster) && { newerVersion: cluster.newerVersion }),
    ...(cluster.restoredFrom !== undefined && { restoredFrom: cluster.restoredFrom }),
    locked: cluster.locked ?? false,
    allowedActions: allowedActions(standing),
    ...(cluster.activeOperation && { activeOperation: cluster.activeOperation.id }),
    ...(failed && { failedOperation: failed.operationId }),
  }
}

const autoscaleToWire = ({ spotInfo, ...autoscale }: Autoscale) => ({ ...autoscale, ...(spotInfo && { spotInfo }) })

const isNews = ({ newerVersion, request, upgrade }: Cluster): boolean => newerVersion?.from === request.version && !upgrade

/** Empty until the head has an address. */
function urlOf({ publicIp, nodes, request }: Cluster): string {
  const address = request.attachPublicIP ? publicIp : nodes.find(isHead)?.privateIp
  return address === undefined ? '' : `https://${address}/hopsworks/`
}

/** One entry for each kind of worker (type, disk, spot), in the order in which they first appear. */
function workerGroups(workers: readonly Node[]): WireWorker[] {
  const groups = Map.groupBy(workers, ({ instanceType, diskSize, spot }) => JSON.stringify([instanceType, diskSize, spot]))
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (!first) return []
    const { instanceType, diskSize, spot } = first
    return [{ instanceType, diskSize, count: group.length, ...(spot && { spotInfo: spot }), ...addressesOf(group) }]
  })
}

function addressesOf(nodes: readonly Node[]): { readonly privateIps?: string[] } {
  const privateIps = nodes.flatMap(({ privateIp }) => privateIp ?? [])
  return privateIps.length > 0 ? { privateIps } : {}
}

function rondbOf({ request, nodes }: Cluster): WireCluster['ronDB'] {
  const { allInOne, configuration, mgmd, ndbd, mysqld, api } = request.ronDB
  const addresses = (...roles: readonly NodeRole[]) => addressesOf(nodes.filter(({ role }) => roles.includes(role)))
  const sizes = ({ instanceType, diskSize, count }: typeof mgmd) => ({ instanceType, diskSize, count })
  return {
    allInOne,
    configuration,
    mgmd: { ...sizes(mgmd), ...addresses('rondb-management') },
    ndbd: { ...sizes(ndbd), ...addresses('rondb-data', 'rondb-all-in-one') },
    mysqld: { ...sizes(mysqld), arrowFlight: mysqld.arrowFlight, ...addresses('rondb-mysql') },
    api: { ...sizes(api), ...addresses('rondb-api') },
  }
}
