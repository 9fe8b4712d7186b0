import { nameOf, sameArmId } from '../../azure/arm-id.ts'
import { azureStep } from '../../azure/azure-step.ts'
import { classify } from '../../azure/classify.ts'
import type { AzureClients } from '../../azure/clients.ts'
import type { Observed, RemovableKind } from '../../azure/resource-kind.ts'
import type { StepContext } from '../../operations/context.ts'
import { done, type Look, pending } from '../../operations/outcome.ts'
import type { StepKind } from '../../operations/step.ts'
import { kindOf, removalOrder } from '../resources.ts'
import { isOurs, worldOf } from './world.ts'

/**
 * Asks Azure to remove them, all at once, and looks whether they are gone. What is not ours stays and counts as gone.
 * `disks`: those that we give to the machine among them.
 */
export async function removal(
  context: StepContext,
  clients: AzureClients,
  ids: readonly string[],
  disks: readonly string[] = [],
): Promise<Look> {
  const left = await Promise.all(ids.map((id) => isLeft(context, clients, id, disks)))
  const names = ids.filter((_, index) => left[index]).map(nameOf)
  return names.length === 0 ? done() : pending({ note: `Waiting until Azure has removed ${names.join(', ')}.` })
}

async function isLeft(context: StepContext, clients: AzureClients, id: string, disks: readonly string[]): Promise<boolean> {
  const kind = kindOf(id)
  const found = kind && (await seen(context, clients, kind, id))
  if (!kind || !found || !(await isOurs(context, id, found.tags))) {
    await context.ledger.gone(id)
    return false
  }
  if (found.provisioningState === 'Deleting') return true
  // Disks have no tags: once their machine is gone only the ledger tells whose they are, and it may have lost its last seconds.
  const ours = disks.filter((disk) => found.disks.some((name) => name.toLowerCase() === nameOf(disk).toLowerCase()))
  await Promise.all(ours.map((disk) => context.ledger.created(disk)))
  await kind.remove(clients, id)
  return true
}

/** Where Azure lets us see nothing, there is nothing of ours as long as the ledger has not heard of it: a group that was misspelt at creation. */
async function seen({ ledger }: StepContext, clients: AzureClients, kind: RemovableKind, id: string): Promise<Observed | undefined> {
  try {
    return await kind.get(clients, id)
  } catch (error) {
    if (classify(error).code !== 'permission') throw error
    if ((await ledger.list()).some((entry) => entry.state !== 'gone' && sameArmId(entry.armId, id))) throw error
    return undefined
  }
}

interface RemoveArgs {
  readonly id: string
  /** Of a machine: the disks that were made with it. */
  readonly disks?: readonly string[]
}

/** `<kind>.remove`: done when Azure answers 404. */
export function removeStep(kind: RemovableKind): StepKind<RemoveArgs> {
  return azureStep({
    kind: `${kind.name}.remove`,
    permissions: kind.permissions.remove,
    seconds: kind.seconds.remove,
    describe: ({ id }) => ({ title: `remove ${kind.noun} ${nameOf(id)}`, touches: [id] }),
    begin: async (context, { id, disks }) => removal(context, (await worldOf(context)).clients, [id], disks),
  })
}

interface ClearArgs {
  readonly node: string
  readonly ids: readonly string[]
}

/** What a removed machine leaves: its network interface and disks, where they did not go with it. */
export const clearNode: StepKind<ClearArgs> = azureStep({
  kind: 'node.clear',
  permissions: removalOrder
    .filter(({ name }) => name === 'network-interface' || name === 'disk')
    .flatMap((kind) => kind.permissions.remove),
  seconds: 2,
  describe: ({ node, ids }) => ({ title: `remove what is left of ${node}`, touches: ids }),
  begin: async (context, { ids }) => removal(context, (await worldOf(context)).clients, ids),
})
