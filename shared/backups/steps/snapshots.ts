import { nameOf } from '../../azure/arm-id.ts'
import { azureStep } from '../../azure/azure-step.ts'
import { diskSku } from '../../azure/disk-copy.ts'
import { snapshot } from '../../azure/snapshot.ts'
import { creation } from '../../clusters/steps/creation.ts'
import { removal } from '../../clusters/steps/removal.ts'
import type { StepContext } from '../../operations/context.ts'
import type { Look } from '../../operations/outcome.ts'
import type { StepKind } from '../../operations/step.ts'
import { getBackup, updateBackup } from '../backup.ts'
import { backupTags, type DiskToSave } from '../backup-resources.ts'

async function look(context: StepContext, { source, ...disk }: DiskToSave, again: boolean): Promise<Look> {
  const { services, subjectId: backupId, operationId } = context
  const { accountId, cluster } = await getBackup(services, backupId)
  const clients = await services.azure.forAccount(accountId)
  const tags = backupTags(cluster, backupId, operationId, services.settings.tablePrefix)
  const put = () => snapshot.put(clients, disk.id, { location: cluster.request.location, source }, tags)
  const made = await creation(context, { clients }, { kind: snapshot, id: disk.id, put }, again)
  if (made.state !== 'done') return made
  const sku = await diskSku(clients, source)
  await updateBackup(services, backupId, (backup) =>
    backup.snapshots.some(({ id }) => id === disk.id) ? undefined : { ...backup, snapshots: [...backup.snapshots, { ...disk, sku }] },
  )
  return made
}

/** An incremental snapshot of a disk; entered in the backup's ledger before it is asked for, and in the backup's row once it is there. */
export const saveDisk: StepKind<DiskToSave> = azureStep({
  kind: 'backup.save-disk',
  permissions: snapshot.permissions.create,
  seconds: snapshot.seconds.create,
  describe: ({ id, source }) => ({ title: `take snapshot ${nameOf(id)} of disk ${nameOf(source)}`, touches: [id] }),
  begin: (context, disk) => look(context, disk, true),
  check: (context, disk) => look(context, disk, false),
  async undo(context, { id }) {
    const { accountId } = await getBackup(context.services, context.subjectId)
    return removal(context, await context.services.azure.forAccount(accountId), [id])
  },
})

interface RemoveArgs {
  /** ARM ids, as they were known when this was planned. */
  readonly ids: readonly string[]
}

/** Everything that the backup's ledger knows, whatever else has been made since. */
export const removeSnapshots: StepKind<RemoveArgs> = azureStep({
  kind: 'backup.remove-snapshots',
  permissions: snapshot.permissions.remove,
  seconds: snapshot.seconds.remove,
  describe: ({ ids }) => ({ title: 'remove the snapshots of the backup', touches: ids }),
  async begin(context, { ids }) {
    const { accountId } = await getBackup(context.services, context.subjectId)
    const entered = (await context.ledger.list()).filter(({ state }) => state !== 'gone').map(({ armId }) => armId)
    const all = new Map([...ids, ...entered].map((id) => [id.toLowerCase(), id]))
    return removal(context, await context.services.azure.forAccount(accountId), [...all.values()])
  },
})
