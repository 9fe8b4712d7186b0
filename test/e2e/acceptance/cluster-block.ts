/** What stands in a resource block of Terraform, and the requests that the provider makes of it. */

export interface WorkerBlock {
  readonly instanceType: string
  readonly diskSize?: number
  readonly count?: number
  readonly spot?: Spot
}

/** An empty block means the defaults. */
interface Spot {
  readonly maxPricePercent?: number
  readonly fallBackOnDemand?: boolean
}

export interface AutoscaleBlock {
  readonly instanceType: string
  readonly minWorkers?: number
  readonly maxWorkers?: number
  readonly spot?: Spot
}

interface NodesBlock {
  readonly instanceType: string
  readonly diskSize?: number
  readonly count?: number
}

export type RondbBlock =
  | { readonly singleNode: NodesBlock }
  | { readonly management: NodesBlock; readonly data: NodesBlock; readonly mysql: NodesBlock; readonly api?: NodesBlock }

export interface PortsBlock {
  readonly ssh?: boolean
  readonly kafka?: boolean
  readonly featureStore?: boolean
  readonly onlineFeatureStore?: boolean
}

export interface ClusterBlock {
  readonly name: string
  readonly version?: string
  readonly head?: { readonly instanceType: string; readonly diskSize?: number }
  readonly workers?: readonly WorkerBlock[]
  readonly autoscale?: AutoscaleBlock
  readonly rondb?: RondbBlock
  readonly openPorts?: PortsBlock
  readonly updateState?: 'none' | 'start' | 'stop'
  readonly tags?: Readonly<Record<string, string>>
  readonly backupRetentionPeriod?: number
  /** What is seldom anything but its default. */
  readonly settings?: Partial<typeof DEFAULT_SETTINGS>
}

/** In the words of the request. */
export const DEFAULT_SETTINGS = {
  issueLetsEncrypt: true,
  attachPublicIP: true,
  managedUsers: true,
  initScript: '',
  runInitScriptFirst: false,
  deactivateLogReport: false,
}

/** Where the clusters of the tests are. */
export const PLACE = {
  location: 'northeurope',
  managedIdentity: 'hopsworks-identity',
  resourceGroup: 'slipway',
  storageAccount: 'slipwaystorage',
  acrRegistryName: 'slipwayregistry',
  aksClusterName: '',
}
export const SSH_KEY = 'slipway-key'
export const DEFAULT_VERSION = '3.9.0'
const DEFAULT_DISK_GB = 512
export const DEFAULT_HEAD = { instanceType: 'Standard_D8_v3', diskSize: DEFAULT_DISK_GB }
export const DEFAULT_RONDB: RondbBlock = { singleNode: { instanceType: 'Standard_E4_v3' } }
export const DEFAULT_TAGS = { Purpose: 'acceptance-test' }

const spotInfo = (spot: Spot | undefined) =>
  spot && { spotInfo: { maxPrice: spot.maxPricePercent ?? 100, fallBackOnDemand: spot.fallBackOnDemand ?? true } }

export const expandWorker = ({ instanceType, diskSize = DEFAULT_DISK_GB, count = 1, spot }: WorkerBlock) => ({
  instanceType,
  diskSize,
  count,
  ...spotInfo(spot),
})
export type Workers = ReturnType<typeof expandWorker>

export const expandAutoscale = ({ instanceType, minWorkers = 0, maxWorkers = 10, spot }: AutoscaleBlock) => ({
  instanceType,
  diskSize: DEFAULT_DISK_GB,
  minWorkers,
  maxWorkers,
  standbyWorkers: 0.5,
  downscaleWaitTime: 300,
  ...spotInfo(spot),
})

export const expandPorts = ({ featureStore = false, onlineFeatureStore = false, kafka = false, ssh = false }: PortsBlock) => ({
  featureStore,
  onlineFeatureStore,
  kafka,
  ssh,
})

export function expandRondb(block: RondbBlock) {
  const nodes = ({ instanceType, diskSize, count }: NodesBlock, least: { diskSize: number; count: number }) => ({
    instanceType,
    diskSize: diskSize ?? least.diskSize,
    count: count ?? least.count,
  })
  const nobody = { instanceType: '' }
  const single = 'singleNode' in block
  const { management, data, mysql, api = nobody } = single ? { management: nobody, data: block.singleNode, mysql: nobody } : block
  return {
    allInOne: single,
    configuration: {
      ndbdDefault: { replicationFactor: single ? 1 : 2 },
      general: { benchmark: { grantUserPrivileges: false } },
    },
    mgmd: nodes(management, { diskSize: 30, count: 1 }),
    ndbd: nodes(data, { diskSize: DEFAULT_DISK_GB, count: single ? 1 : 2 }),
    mysqld: { ...nodes(mysql, { diskSize: 128, count: 1 }), arrowFlight: false },
    api: nodes(api, { diskSize: 30, count: 0 }),
  }
}

const expandTags = (tags: Readonly<Record<string, string>>) => Object.entries(tags).map(([name, value]) => ({ name, value }))

/** Body of the creation; ports are opened by a call of their own. */
export function createBody(block: ClusterBlock): object {
  const { name, version = DEFAULT_VERSION, head, workers = [], autoscale, rondb = DEFAULT_RONDB, tags = DEFAULT_TAGS } = block
  return {
    cloudProvider: 'AZURE',
    cluster: {
      name,
      version,
      sshKeyName: SSH_KEY,
      clusterConfiguration: { head: { ...DEFAULT_HEAD, ...head, haEnabled: false }, workers: workers.map(expandWorker) },
      ...DEFAULT_SETTINGS,
      ...block.settings,
      backupRetentionPeriod: block.backupRetentionPeriod ?? 0,
      tags: expandTags(tags),
      ronDB: expandRondb(rondb),
      ...(autoscale && { autoscale: { nonGpu: expandAutoscale(autoscale) } }),
      os: 'ubuntu',
      collectLogs: false,
      ...PLACE,
      blobContainerName: `hopsworksai-${name.toLowerCase()}`,
      networkResourceGroup: '',
      virtualNetworkName: '',
      subnetName: '',
      securityGroupName: '',
      searchDomain: 'internal.cloudapp.net',
      containerConfiguration: { encryption: { mode: 'None' } },
    },
  }
}

/** What a restore may change; everything else is the backup's. */
export const restoreChanges = ({ name, tags, autoscale }: Partial<ClusterBlock>): object => ({
  ...(name !== undefined && { name }),
  ...(tags && { tags: expandTags(tags) }),
  ...(autoscale && { autoscale: { nonGpu: expandAutoscale(autoscale) } }),
})
