import { type Decoded, flag, float, int, list, pointer, struct, text } from './go-json.ts'

/** The structs that the client decodes answers into [contract §1.4]: what it does not read is not here. */

const spot = pointer(struct({ maxPrice: int, fallBackOnDemand: flag }))
const sized = { instanceType: text, diskSize: int }
const rondbNodes = { ...sized, count: int, privateIps: list(text) }

const worker = struct({ ...sized, count: int, spotInfo: spot, privateIps: list(text) })
export type Worker = Decoded<typeof worker>

const autoscaleBase = struct({
  ...sized,
  minWorkers: int,
  maxWorkers: int,
  standbyWorkers: float,
  downscaleWaitTime: int,
  spotInfo: spot,
})

export const cluster = struct({
  id: text,
  name: text,
  state: text,
  activationState: text,
  initializationStage: text,
  createdOn: int,
  startedOn: int,
  version: text,
  url: text,
  provider: text,
  errorMessage: text,
  tags: list(struct({ name: text, value: text })),
  sshKeyName: text,
  clusterConfiguration: struct({
    head: struct({ ...sized, haEnabled: flag, nodeId: text, privateIp: text }),
    workers: list(worker),
  }),
  publicIPAttached: flag,
  letsEncryptIssued: flag,
  managedUsers: flag,
  backupRetentionPeriod: int,
  azure: struct({
    location: text,
    managedIdentity: text,
    resourceGroup: text,
    blobContainerName: text,
    storageAccount: text,
    networkResourceGroup: text,
    virtualNetworkName: text,
    subnetName: text,
    securityGroupName: text,
    aksClusterName: text,
    acrRegistryName: text,
    searchDomain: text,
    containerConfiguration: pointer(struct({ encryption: struct({ mode: text }) })),
  }),
  aws: pointer(struct({})),
  gcp: pointer(struct({})),
  ports: struct({ featureStore: flag, onlineFeatureStore: flag, kafka: flag, ssh: flag }),
  ronDB: pointer(
    struct({
      allInOne: flag,
      configuration: struct({
        ndbdDefault: struct({ replicationFactor: int }),
        general: struct({ benchmark: struct({ grantUserPrivileges: flag }) }),
      }),
      mgmd: struct(rondbNodes),
      ndbd: struct(rondbNodes),
      mysqld: struct({ ...rondbNodes, arrowFlight: flag }),
      api: struct(rondbNodes),
    }),
  ),
  autoscale: pointer(struct({ nonGpu: pointer(autoscaleBase) })),
  initScript: text,
  runInitScriptFirst: flag,
  os: text,
  upgradeInProgress: pointer(struct({ from: text, to: text })),
  deactivateLogReport: flag,
  collectLogs: flag,
  backupPipelineInProgress: flag,
  clusterDomainPrefix: text,
  customHostedZone: text,
})
export type Cluster = Decoded<typeof cluster>

export const backup = struct({
  backupId: text,
  backupName: text,
  clusterId: text,
  cloudProvider: text,
  createdOn: int,
  state: text,
  stateMessage: text,
})
export type Backup = Decoded<typeof backup>

const types = list(struct({ id: text, cpus: int, memory: float, withNVMe: flag }))
const supportedTypes = struct({ head: types, worker: types, ronDB: struct({ mgmd: types, ndbd: types, mysqld: types, api: types }) })
export type SupportedTypes = Decoded<typeof supportedTypes>
export type SupportedType = Decoded<typeof types>[number]

const supportedVersion = struct({
  version: text,
  upgradableFromVersion: text,
  default: flag,
  experimental: flag,
  regions: struct({ ubuntu: list(text), centos: list(text) }),
  releaseNotesUrl: text,
})
export type SupportedVersion = Decoded<typeof supportedVersion>

/** Payloads of the calls that answer with one. */
export const payloads = {
  clusters: struct({ clusters: list(cluster) }),
  cluster: struct({ cluster }),
  id: struct({ id: text }),
  backups: struct({ backups: list(backup) }),
  backup: struct({ backup }),
  backupId: struct({ backupId: text }),
  supportedTypes: struct({ azure: supportedTypes }),
  versions: struct({ versions: list(supportedVersion) }),
  none: struct({}),
}
