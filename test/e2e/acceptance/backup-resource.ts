import { waitUntil } from '../waiters.ts'
import type { ProviderClient } from './provider-client.ts'
import type { Backup } from './wire-structs.ts'

/** `resource "hopsworksai_backup"`. */
export class BackupResource {
  readonly #client: ProviderClient
  #id: string | undefined

  constructor(client: ProviderClient) {
    this.#client = client
  }

  get id(): string {
    if (this.#id === undefined) throw new Error('the resource has not been created')
    return this.#id
  }

  async apply({ clusterId, backupName }: { readonly clusterId: string; readonly backupName: string }): Promise<Backup> {
    if (this.#id === undefined) await this.#create(clusterId, backupName)
    const backup = await this.#client.backup(this.id)
    if (!backup) throw new Error(`backup not found for backup_id ${this.id}`)
    if (backup.clusterId !== clusterId || backup.backupName !== backupName) throw new Error('# forces replacement')
    return backup
  }

  async destroy(): Promise<void> {
    await this.#client.deleteBackup(this.id)
    const { end, subject } = await waitUntil('delete-backup', async () => {
      const backup = await this.#client.backup(this.id)
      return { state: backup?.state ?? 'gone', subject: backup }
    })
    if (end !== 'gone') throw new Error(`failed to delete backup, error: ${subject?.stateMessage}`)
    this.#id = undefined
  }

  async #create(clusterId: string, backupName: string): Promise<void> {
    const id = await this.#client.newBackup(clusterId, backupName)
    this.#id = id
    const { end, subject } = await waitUntil('create-backup', async () => {
      const cluster = await this.#client.cluster(clusterId)
      // While the cluster works on it, the backup need not be there.
      if (cluster?.backupPipelineInProgress) return { state: 'processing', subject: undefined }
      const backup = await this.#client.backup(id)
      return { state: backup?.state ?? 'gone', subject: backup }
    })
    if (end !== 'succeed') throw new Error(`failed to create backup, error: ${subject?.stateMessage}`)
  }
}
