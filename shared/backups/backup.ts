import * as z from 'zod'
import { autoscaleBaseSchema } from '../autoscale/configuration.ts'
import type { AzureCluster } from '../clusters/create-request.ts'
import { everyRow } from '../operations/every-row.ts'
import { ProblemError } from '../problem.ts'
import type { Services } from '../services.ts'
import type { Table } from '../storage/table.ts'
import { update } from '../storage/update.ts'

/** On the wire to the letter (contract §2.3). */
export const backupStates = ['pending', 'initializing', 'processing', 'deleting', 'succeed', 'failed'] as const

/** A disk of the cluster's, as it was. */
const savedDiskSchema = z.strictObject({
  /** ARM id of the snapshot. */
  id: z.string(),
  /** Name of the node. */
  node: z.string(),
  disk: z.enum(['os', 'data']),
  lun: z.number().exactOptional(),
  sizeGb: z.number(),
  /** Storage of the disk, e.g. `Premium_LRS`. */
  sku: z.string(),
})
export type SavedDisk = Readonly<z.output<typeof savedDiskSchema>>

/** A backup's row; it outlives its cluster. Times are epoch seconds. */
export const backupSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  clusterId: z.string(),
  clusterName: z.string(),
  accountId: z.string(),
  state: z.enum(backupStates),
  stateMessage: z.string(),
  createdOn: z.number(),
  expiresOn: z.number(),
  /** The latest operation on it. */
  operationId: z.string(),
  snapshots: z.array(savedDiskSchema).readonly(),
  /** What a restore needs to know of the cluster. */
  cluster: z.strictObject({
    request: z.custom<AzureCluster>((value) => typeof value === 'object' && value !== null),
    autoscale: autoscaleBaseSchema.exactOptional(),
  }),
  /** The cluster that was restored from it last: while that goes on, the backup is held. */
  restoring: z.string().exactOptional(),
})
export type Backup = Readonly<z.output<typeof backupSchema>>

/** Whether it is still being taken. */
export const isTaken = ({ state }: Pick<Backup, 'state'>): boolean =>
  state === 'pending' || state === 'initializing' || state === 'processing'

export const BACKUP_PARTITION = 'backup'

type World = Pick<Services, 'tables'>

export const backupTable = ({ tables }: World): Table<Backup> => tables.table('backups', backupSchema)

export async function findBackup(world: World, id: string): Promise<Backup | undefined> {
  // What cannot be one of our ids may hold characters that a row key must not.
  return /^[\w-]{1,64}$/.test(id) ? (await backupTable(world).get(BACKUP_PARTITION, id))?.value : undefined
}

/** As `findBackup`; none: ProblemError `not-found`. */
export async function getBackup(world: World, id: string): Promise<Backup> {
  const backup = await findBackup(world, id)
  if (backup) return backup
  throw new ProblemError({ code: 'not-found', message: `There is no backup ${id.slice(0, 64)}.`, retryable: false })
}

/** As `updateCluster`. */
export async function updateBackup(world: World, id: string, change: (backup: Backup) => Backup | undefined): Promise<Backup | undefined> {
  return (await update(backupTable(world), BACKUP_PARTITION, id, change))?.value
}

export const insertBackup = (world: World, backup: Backup): Promise<unknown> =>
  backupTable(world).insert(BACKUP_PARTITION, backup.id, backup)

export const removeBackup = (world: World, id: string): Promise<void> => backupTable(world).remove(BACKUP_PARTITION, id)

/** Newest first. */
export async function listBackups(world: World): Promise<readonly Backup[]> {
  const backups = await everyRow((page) => backupTable(world).list(BACKUP_PARTITION, page))
  return backups.toSorted((one, other) => other.createdOn - one.createdOn)
}
