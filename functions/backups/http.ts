import * as z from 'zod'
import { getBackup, listBackups } from '../../shared/backups/backup.ts'
import { deleteBackup, draftBackupDeletion } from '../../shared/backups/delete-backup.ts'
import { draftBackup, takeBackup } from '../../shared/backups/take-backup.ts'
import { backupRequestSchema, toWireBackup, wireBackup } from '../../shared/backups/wire.ts'
import { defineEndpoint, type Endpoint } from '../../shared/http/endpoint.ts'
import { reply } from '../../shared/http/reply.ts'
import { acceptedHeaders } from '../../shared/operations/accepted.ts'
import { secondsNow } from '../../shared/operations/operations.ts'
import { describePlan } from '../../shared/operations/view.ts'
import { planView } from '../../shared/operations/wire.ts'
import { started } from '../clusters/mutation-endpoint.ts'

const oneBackup = z.object({ backupId: z.string().max(64) })
const planned = z.object({ plan: planView })

export const backupEndpoints: readonly Endpoint[] = [
  defineEndpoint({
    name: 'backups-create',
    method: 'POST',
    route: 'backups',
    role: 'operator',
    summary: 'Back up a running cluster',
    status: 202,
    request: backupRequestSchema,
    response: started.extend({ backupId: z.string() }),
    dryRun: planned,
    async handler({ body: { backup }, dryRun, caller, services, orchestrations, origin }) {
      if (dryRun) return { plan: describePlan((await draftBackup(services, backup, origin)).plan) }
      const operation = await takeBackup(services, orchestrations, backup, caller.name, origin)
      return reply({ backupId: operation.subject.id, operation: operation.id }, { headers: acceptedHeaders(operation.id) })
    },
  }),
  defineEndpoint({
    name: 'backups-list',
    method: 'GET',
    route: 'backups',
    role: 'reader',
    summary: 'List backups, newest first; those of clusters that are gone, too',
    query: z.object({ clusterId: z.string().max(64).describe('Those of one cluster').exactOptional() }),
    response: z.object({ backups: z.array(wireBackup) }),
    async handler({ query: { clusterId }, services }) {
      const now = secondsNow(services)
      const backups = await listBackups(services)
      const wanted = backups.filter((backup) => clusterId === undefined || backup.clusterId === clusterId)
      return { backups: wanted.map((backup) => toWireBackup(backup, now)) }
    },
  }),
  defineEndpoint({
    name: 'backups-get',
    method: 'GET',
    route: 'backups/{backupId}',
    role: 'reader',
    summary: 'Look at a backup',
    params: oneBackup,
    response: z.object({ backup: wireBackup }),
    handler: async ({ params, services }) => ({ backup: toWireBackup(await getBackup(services, params.backupId), secondsNow(services)) }),
  }),
  defineEndpoint({
    name: 'backups-delete',
    method: 'DELETE',
    route: 'backups/{backupId}',
    role: 'operator',
    summary: 'Delete a backup with its snapshots',
    status: 202,
    params: oneBackup,
    response: started,
    dryRun: planned,
    async handler({ params: { backupId }, dryRun, caller, services, orchestrations }) {
      if (dryRun) return { plan: describePlan(await draftBackupDeletion(services, backupId)) }
      const operation = await deleteBackup(services, orchestrations, backupId, caller.name)
      return reply({ operation }, { headers: acceptedHeaders(operation) })
    },
  }),
]
