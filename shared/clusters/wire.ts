import * as z from 'zod'
import { activationStates, clusterStates } from './cluster-state.ts'
import { mutations } from './transitions.ts'

/** The cluster as it is answered (contract §1.4); integers carry no fraction, absent pointers are left out. */

const nodeConfiguration = { instanceType: z.string(), diskSize: z.int() }
const privateIps = z.array(z.string()).exactOptional()

const spotInfo = z.object({ maxPrice: z.int(), fallBackOnDemand: z.boolean() }).exactOptional()

const worker = z.object({
  ...nodeConfiguration,
  count: z.int(),
  spotInfo,
  privateIps,
})
export type WireWorker = z.output<typeof worker>

const rondbNodes = z.object({ ...nodeConfiguration, count: z.int(), privateIps })

export const wireCluster = z.object({
  id: z.string(),
  name: z.string(),
  state: z.enum(clusterStates),
  activationState: z.enum(activationStates),
  initializationStage: z.string(),
  createdOn: z.int().describe('Epoch seconds'),
  startedOn: z.int().describe('Epoch seconds; 0 until it has run'),
  version: z.string(),
  url: z.string(),
  provider: z.literal('AZURE'),
  errorMessage: z.string().exactOptional(),
  tags: z.array(z.object({ name: z.string(), value: z.string() })),
  sshKeyName: z.string(),
  clusterConfiguration: z.object({
    head: z.object({ ...nodeConfiguration, haEnabled: z.boolean(), nodeId: z.string(), privateIp: z.string().exactOptional() }),
    workers: z.array(worker),
  }),
  publicIPAttached: z.boolean(),
  letsEncryptIssued: z.boolean(),
  managedUsers: z.boolean(),
  backupRetentionPeriod: z.int(),
  azure: z.object({
    location: z.string(),
    managedIdentity: z.string(),
    resourceGroup: z.string(),
    blobContainerName: z.string(),
    storageAccount: z.string(),
    networkResourceGroup: z.string(),
    virtualNetworkName: z.string(),
    subnetName: z.string(),
    securityGroupName: z.string(),
    aksClusterName: z.string(),
    acrRegistryName: z.string(),
    searchDomain: z.string(),
    containerConfiguration: z.object({ encryption: z.object({ mode: z.literal('None') }) }),
  }),
  ports: z.object({ featureStore: z.boolean(), onlineFeatureStore: z.boolean(), kafka: z.boolean(), ssh: z.boolean() }),
  ronDB: z.object({
    allInOne: z.boolean(),
    configuration: z.object({
      ndbdDefault: z.object({ replicationFactor: z.int() }),
      general: z.object({ benchmark: z.object({ grantUserPrivileges: z.boolean() }) }),
    }),
    mgmd: rondbNodes,
    ndbd: rondbNodes,
    mysqld: rondbNodes.extend({ arrowFlight: z.boolean() }),
    api: rondbNodes,
  }),
  autoscale: z
    .object({
      nonGpu: z.object({
        ...nodeConfiguration,
        minWorkers: z.int(),
        maxWorkers: z.int(),
        standbyWorkers: z.number(),
        downscaleWaitTime: z.int().describe('Seconds'),
        spotInfo,
      }),
    })
    .exactOptional(),
  initScript: z.string(),
  runInitScriptFirst: z.boolean(),
  os: z.enum(['ubuntu', 'centos']),
  deactivateLogReport: z.boolean(),
  collectLogs: z.boolean(),
  backupPipelineInProgress: z.boolean(),
  upgradeInProgress: z
    .object({ from: z.string(), to: z.string() })
    .exactOptional()
    .describe('Until an upgrade has ended or been rolled back'),
  clusterDomainPrefix: z.string().exactOptional(),
  customHostedZone: z.string().exactOptional(),
  /** Beyond the contract. */
  newerVersion: z
    .object({ from: z.string(), version: z.string(), releaseNotesUrl: z.string() })
    .exactOptional()
    .describe('The newest version that it can be upgraded to'),
  managedWorkers: z.array(worker).exactOptional().describe('Workers that scale, where they do: they are not among the workers above'),
  loadUnknown: z
    .literal(true)
    .exactOptional()
    .describe('The agent does not tell the load: workers that scale stay as many as they are, within their limits'),
  restoredFrom: z.string().exactOptional().describe('Id of the backup that it was made from'),
  locked: z.boolean().describe('Whether a deletion has to be confirmed'),
  allowedActions: z.array(
    z.object({ action: z.enum(mutations), allowed: z.boolean(), reason: z.string().exactOptional(), remedy: z.string().exactOptional() }),
  ),
  activeOperation: z.string().exactOptional().describe('Id of the operation that runs on the cluster'),
  failedOperation: z.string().exactOptional().describe('Id of the operation whose failure explains the state'),
})
export type WireCluster = z.output<typeof wireCluster>
