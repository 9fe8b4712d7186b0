import { isDeepStrictEqual } from 'node:util'
import { type Look, type WAITERS, waitUntil } from '../waiters.ts'
import { type Attributes, attributesIn, attributesOf, isInPlace } from './attributes.ts'
import { type ClusterBlock, createBody, expandAutoscale, expandPorts, expandWorker, restoreChanges, type Workers } from './cluster-block.ts'
import type { ProviderClient } from './provider-client.ts'
import type { Cluster } from './wire-structs.ts'
import { workerChanges } from './worker-changes.ts'

/**
 * `resource "hopsworksai_cluster"` as the Terraform provider acts on a server: `apply` refreshes, plans, does what the plan says in the provider's
 * own order, reads, and, as the provider's acceptance tests do, wants the next plan to be empty [contract §2.5, §2.6].
 */
export class ClusterResource {
  readonly #client: ProviderClient
  #state: { readonly cluster: Cluster; readonly updateState: string } | undefined

  constructor(client: ProviderClient) {
    this.#client = client
  }

  get id(): string {
    if (!this.#state) throw new Error('the resource has not been created')
    return this.#state.cluster.id
  }

  async apply(block: ClusterBlock): Promise<Cluster> {
    if (this.#state) {
      await this.#read()
      await this.#update(block, this.#changes(block))
    } else await this.#create(block)
    const cluster = await this.#read()
    const left = [...this.#changes(block)]
    if (left.length > 0)
      throw new Error(`After applying this step, the plan was not empty: ${left.join(', ')} of ${JSON.stringify(cluster)}`)
    return cluster
  }

  /** Reads the cluster by nothing but its id: what comes is what Terraform knows already. */
  async importVerify(): Promise<void> {
    const known = this.#attributes()
    const cluster = await this.#client.cluster(this.id)
    if (!cluster) throw new Error(`Cannot import non-existent remote object ${this.id}`)
    const imported = attributesIn(cluster, 'none')
    const differing = Object.keys(known).filter((name) => name !== 'update_state' && !isDeepStrictEqual(known[name], imported[name]))
    if (differing.length > 0) throw new Error(`ImportStateVerify attributes not equivalent: ${differing.join(', ')}`)
  }

  /** And looks, as the acceptance tests do at their end, that it is gone. */
  async destroy(): Promise<void> {
    const { id } = this
    await this.#client.deleteCluster(id)
    const { end, subject } = await waitUntil('delete', () => this.#look(id))
    if (end !== 'gone') throw new Error(`failed to delete cluster, error: ${subject?.errorMessage}`)
    if (await this.#client.cluster(id)) throw new Error(`found unterminated cluster ${id}`)
    this.#state = undefined
  }

  /** `resource "hopsworksai_cluster_from_backup"`: another way to begin. What stands in its block is changed. */
  async restore(backupId: string, block: Partial<ClusterBlock> = {}): Promise<Cluster> {
    const backup = await this.#client.backup(backupId)
    if (!backup) throw new Error(`backup not found for backup_id ${backupId}`)
    if (backup.cloudProvider !== 'AZURE') throw new Error(`Unknown cloud provider ${backup.cloudProvider} for backup ${backupId}`)
    return this.#created(await this.#client.newClusterFromBackup(backupId, restoreChanges(block)), 'none')
  }

  #attributes(): Attributes {
    if (!this.#state) throw new Error('the resource has not been created')
    return attributesIn(this.#state.cluster, this.#state.updateState)
  }

  /** Names of the attributes that differ from what the block asks for. */
  #changes(block: ClusterBlock): ReadonlySet<string> {
    const [is, wanted] = [this.#attributes(), attributesOf(block)]
    const differing = Object.keys(wanted).filter((name) => !isDeepStrictEqual(is[name], wanted[name]))
    const replacing = differing.filter((name) => !isInPlace(name))
    if (replacing.length > 0)
      throw new Error(`# forces replacement: ${replacing.map((name) => `${name} ${JSON.stringify([is[name], wanted[name]])}`).join(', ')}`)
    return new Set(differing)
  }

  async #create(block: ClusterBlock): Promise<void> {
    await this.#created(await this.#client.newCluster(createBody(block)), 'none')
    if (block.openPorts) await this.#client.openPorts(this.id, expandPorts(block.openPorts))
  }

  async #created(id: string, updateState: string): Promise<Cluster> {
    // What has been created is in the state, whatever becomes of it.
    const cluster = await this.#found(id)
    this.#state = { cluster, updateState }
    await this.#running('run')
    return this.#read()
  }

  async #read(): Promise<Cluster> {
    const cluster = await this.#found(this.id)
    this.#state = { cluster, updateState: this.#state?.updateState ?? 'none' }
    return cluster
  }

  async #found(id: string): Promise<Cluster> {
    const cluster = await this.#client.cluster(id)
    if (!cluster) throw new Error(`cluster not found for cluster_id ${id}`)
    return cluster
  }

  /** In the provider's order; a new version is handled alone. */
  async #update(block: ClusterBlock, changed: ReadonlySet<string>): Promise<void> {
    const { id } = this
    const client = this.#client
    const before = await this.#read()
    this.#state = { cluster: before, updateState: block.updateState ?? 'none' }
    if (changed.has('version')) return this.#changeVersion(before, `${attributesOf(block).version}`)
    for (const [attribute, nodeType] of NODE_TYPES)
      if (changed.has(attribute)) await client.modifyInstanceType(id, nodeType, `${attributesOf(block)[attribute]}`)
    if (changed.has('workers')) await this.#changeWorkers(before, (block.workers ?? []).map(expandWorker))
    if (changed.has('open_ports')) await client.openPorts(id, expandPorts(block.openPorts ?? {}))
    if (changed.has('autoscale')) {
      if (block.autoscale) await client.configureAutoscale(id, expandAutoscale(block.autoscale))
      else await client.disableAutoscale(id)
      if (block.autoscale) await this.#running('run')
    }
    if (changed.has('update_state')) await this.#changeState(before, block.updateState ?? 'none')
  }

  /** Any other case is passed over in silence. */
  async #changeVersion({ upgradeInProgress, state, version, azure }: Cluster, wanted: string): Promise<void> {
    if (!upgradeInProgress) {
      await this.#client.upgrade(this.id, wanted, azure.acrRegistryName)
      await this.#running('upgrade')
    } else if (state === 'error' && version === upgradeInProgress.to && wanted === upgradeInProgress.from) {
      await this.#client.rollback(this.id)
      await this.#stopped()
    }
  }

  async #changeWorkers({ clusterConfiguration, autoscale }: Cluster, wanted: readonly Workers[]): Promise<void> {
    const is = autoscale ? [] : clusterConfiguration.workers
    const { toRemove, toAdd } = workerChanges(is, wanted)
    if (toRemove.length > 0) {
      await this.#client.removeWorkers(this.id, toRemove)
      await this.#running('run')
    }
    if (toAdd.length > 0) {
      await this.#client.addWorkers(this.id, toAdd)
      await this.#running('run')
    }
  }

  /** "Already" is the provider's own word, by what it last read. */
  async #changeState({ state, activationState }: Cluster, wanted: string): Promise<void> {
    if (wanted === 'start') {
      if (state === 'running') throw new Error('cluster is already running')
      if (activationState !== 'startable')
        throw new Error(`cluster is not in startable state, current activation state is ${activationState}`)
      await this.#client.start(this.id)
      await this.#running('run')
    }
    if (wanted === 'stop') {
      if (state === 'stopped') throw new Error('cluster is already stopped')
      if (activationState !== 'stoppable')
        throw new Error(`cluster is not in stoppable state, current activation state is ${activationState}`)
      await this.#client.stop(this.id)
      await this.#stopped()
    }
  }

  async #running(kind: 'run' | 'upgrade'): Promise<void> {
    const { id } = this
    const { end, subject } = await this.#wait(kind, id)
    if (end !== 'running') throw new Error(`failed while waiting for the cluster to reach running state: ${subject.errorMessage}`)
  }

  async #stopped(): Promise<void> {
    const { end, subject } = await this.#wait('stop', this.id)
    if (end === 'error') throw new Error(`failed to stop cluster, error: ${subject.errorMessage}`)
  }

  #wait(kind: keyof typeof WAITERS, id: string) {
    return waitUntil(kind, async () => {
      const { subject, ...look } = await this.#look(id)
      if (!subject) throw new Error(`cluster not found for cluster id ${id}`)
      return { ...look, subject }
    })
  }

  async #look(id: string): Promise<Look<Cluster | undefined>> {
    const subject = await this.#client.cluster(id)
    return { state: subject?.state ?? 'gone', isUpgrading: subject?.upgradeInProgress !== undefined, subject }
  }
}

const NODE_TYPES = [
  ['head.instance_type', 'head'],
  ['rondb.data_nodes.instance_type', 'rondb_data'],
  ['rondb.mysql_nodes.instance_type', 'rondb_mysql'],
  ['rondb.api_nodes.instance_type', 'rondb_api'],
  ['rondb.single_node.instance_type', 'rondb_aio'],
] as const
