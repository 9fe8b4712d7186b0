import * as z from 'zod'
import { type Backup, backupStates, isTaken } from './backup.ts'

export const backupRequestSchema = z.object({
  backup: z.object({
    clusterId: z.string().min(1).max(64),
    backupName: z
      .string()
      .trim()
      .min(1)
      .max(100)
      .regex(/^[^\p{Cc}%]*$/u, 'must have no control characters and no percent sign'),
  }),
})
export type BackupRequest = z.output<typeof backupRequestSchema>['backup']

/** As the dashboard named them (contract §5.3). */
const labels = ['Completed', 'Expired', 'Failed', 'Running', 'Deleting'] as const

const epochSeconds = z.number().describe('Epoch seconds')

export const wireBackup = z.object({
  backupId: z.string(),
  backupName: z.string(),
  clusterId: z.string(),
  clusterName: z.string(),
  createdOn: epochSeconds,
  expiresOn: epochSeconds,
  cloudProvider: z.literal('AZURE'),
  state: z.enum(backupStates),
  stateMessage: z.string(),
  label: z.enum(labels).describe('For people'),
  version: z.string().describe('Of Hopsworks'),
  sizeGb: z.number().describe('Of the disks; what is stored of them is less'),
  operation: z.string().describe('Id of the latest operation on it'),
})
export type WireBackup = z.output<typeof wireBackup>

/** `now`: epoch seconds. */
export function toWireBackup(backup: Backup, now: number): WireBackup {
  const { id, name, clusterId, clusterName, createdOn, expiresOn, state, stateMessage, snapshots, cluster, operationId } = backup
  return {
    backupId: id,
    backupName: name,
    clusterId,
    clusterName,
    createdOn,
    expiresOn,
    cloudProvider: 'AZURE',
    state,
    stateMessage,
    label: labelOf(backup, now),
    version: cluster.request.version,
    sizeGb: snapshots.reduce((sum, { sizeGb }) => sum + sizeGb, 0),
    operation: operationId,
  }
}

function labelOf(backup: Backup, now: number): WireBackup['label'] {
  if (isTaken(backup)) return 'Running'
  if (backup.state === 'deleting') return 'Deleting'
  if (backup.state === 'failed') return 'Failed'
  return backup.expiresOn <= now ? 'Expired' : 'Completed'
}
