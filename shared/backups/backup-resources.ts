import { createHash } from 'node:crypto'
import { armId, nameOf } from '../azure/arm-id.ts'
import type { Tags } from '../azure/resource-kind.ts'
import { snapshot } from '../azure/snapshot.ts'
import type { Cluster } from '../clusters/cluster.ts'
import { OS_DISK } from '../clusters/machine-model.ts'
import { isWorker } from '../clusters/node.ts'
import { BACKUP_TAG, nodeResources, OPERATION_TAG, OWNER_TAG } from '../clusters/resources.ts'
import type { SavedDisk } from './backup.ts'

/** Of a snapshot's name; Azure's limit. */
const LONGEST_NAME = 80

export interface DiskToSave extends Omit<SavedDisk, 'sku'> {
  /** ARM id of the disk. */
  readonly source: string
}

/** Every disk of every machine that keeps something. Workers hold no data, and are not made again by a restore. */
export function disksToSave(cluster: Cluster, backupId: string): readonly DiskToSave[] {
  return cluster.nodes
    .filter((node) => !isWorker(node))
    .flatMap((node): DiskToSave[] => {
      const { virtualMachine, osDisk, dataDisk } = nodeResources(cluster, node)
      const id = (suffix: string) =>
        armId(cluster.subscriptionId, cluster.request.resourceGroup, snapshot.type, snapshotName(nameOf(virtualMachine), backupId, suffix))
      return [
        { id: id('_os'), node: node.name, disk: 'os', sizeGb: OS_DISK, source: osDisk },
        ...(dataDisk ? [{ id: id(''), node: node.name, disk: 'data', lun: 0, sizeGb: node.diskSize, source: dataDisk } as const] : []),
      ]
    })
}

/** `Backup_<vm>_<backupId>` as documented (contract §5.3), of the data disk; that of the system's has an ending. */
export function snapshotName(machine: string, backupId: string, suffix: string): string {
  const name = (of: string) => `Backup_${of}_${backupId}${suffix}`
  const over = name(machine).length - LONGEST_NAME
  if (over <= 0) return name(machine)
  const hash = createHash('sha256').update(machine).digest('hex').slice(0, 8)
  return name(machine.slice(0, machine.length - over - hash.length) + hash)
}

/** Not the cluster's own: what carries those goes when the cluster is terminated. */
export function backupTags({ request }: Pick<Cluster, 'request'>, backupId: string, operationId: string, owner: string): Tags {
  return {
    ...Object.fromEntries(request.tags.map(({ name, value }) => [name, value])),
    [BACKUP_TAG]: backupId,
    [OPERATION_TAG]: operationId,
    [OWNER_TAG]: owner,
  }
}
