import { nameOf, sameArmId } from '../../azure/arm-id.ts'
import { azureStep } from '../../azure/azure-step.ts'
import { disk } from '../../azure/disk.ts'
import { diskCopyPermissions, putDiskCopy } from '../../azure/disk-copy.ts'
import { partsOf, replaceDataDisk } from '../../azure/machine-parts.ts'
import { snapshot } from '../../azure/snapshot.ts'
import { tagsOf } from '../../clusters/resources.ts'
import { createStep, creation } from '../../clusters/steps/creation.ts'
import { removal, removeStep } from '../../clusters/steps/removal.ts'
import { worldOf } from '../../clusters/steps/world.ts'
import type { StepContext } from '../../operations/context.ts'
import { done, type Look, pending } from '../../operations/outcome.ts'
import type { StepKind } from '../../operations/step.ts'
import { vanished } from './vanished.ts'

export const createSnapshot = createStep(snapshot)
export const removeSnapshot = removeStep(snapshot)
export const removeDisk = removeStep(disk)

interface CopyArgs {
  readonly id: string
  readonly location: string
  readonly snapshot: string
  readonly like: string
}

async function copy(context: StepContext, { id, ...what }: CopyArgs, again: boolean): Promise<Look> {
  const world = await worldOf(context)
  const put = () => putDiskCopy(world.clients, id, what, tagsOf(world.cluster, context.operationId, context.services.settings.tablePrefix))
  return creation(context, world, { kind: disk, id, put }, again)
}

/** A disk of the next generation. */
export const copyDisk: StepKind<CopyArgs> = azureStep({
  kind: 'upgrade.copy-disk',
  permissions: diskCopyPermissions,
  seconds: disk.seconds.create,
  describe: ({ id, snapshot }) => ({ title: `copy snapshot ${nameOf(snapshot)} to disk ${nameOf(id)}`, touches: [id] }),
  begin: (context, args) => copy(context, args, true),
  check: (context, args) => copy(context, args, false),
  undo: async (context, { id }) => removal(context, (await worldOf(context)).clients, [id]),
})

interface SwapArgs {
  /** ARM id of a machine that is deallocated. */
  readonly id: string
  readonly disk: string
}

/** Exchanges the data disk of a machine that stays. Azure gives no disk the place of one that is still there: first one goes, then the other comes. */
export const swapDataDisk: StepKind<SwapArgs> = azureStep({
  kind: 'upgrade.swap-data-disk',
  permissions: ['Microsoft.Compute/virtualMachines/read', 'Microsoft.Compute/virtualMachines/write', 'Microsoft.Compute/disks/write'],
  seconds: 16,
  describe: ({ id, disk }) => ({ title: `give disk ${nameOf(disk)} to virtual machine ${nameOf(id)}`, touches: [id, disk] }),
  async begin(context, { id, disk: wanted }) {
    const { clients } = await worldOf(context)
    const parts = await partsOf(clients, id)
    if (!parts) return vanished('virtual machine', id)
    if (parts.busy) return pending()
    const { dataDisks } = parts
    if (dataDisks.length === 1 && dataDisks.every((known) => sameArmId(known, wanted))) return done()
    await replaceDataDisk(clients, id, dataDisks.length > 0 ? undefined : wanted)
    return pending()
  },
})
