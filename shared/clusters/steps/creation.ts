import { nameOf } from '../../azure/arm-id.ts'
import { azureStep } from '../../azure/azure-step.ts'
import type { AzureClients } from '../../azure/clients.ts'
import { creationOf, notMade, type ResourceKind } from '../../azure/resource-kind.ts'
import type { OperationUrl } from '../../azure/submitted.ts'
import type { StepContext } from '../../operations/context.ts'
import { done, failed, type Look, pending } from '../../operations/outcome.ts'
import type { StepKind } from '../../operations/step.ts'
import type { Problem } from '../../problem.ts'
import { kindOf, tagsOf } from '../resources.ts'
import { removal } from './removal.ts'
import { noteSubmission, reasonOf } from './submissions.ts'
import { isOurs, type World, worldOf } from './world.ts'

/** How one resource is made; `put` is only asked when it is not there or has failed. */
export interface Creation {
  readonly kind: Pick<ResourceKind<never>, 'noun' | 'get'>
  readonly id: string
  readonly put: () => Promise<OperationUrl>
  /** Other resources that the same request makes. */
  readonly with?: readonly string[]
}

/** One look at a resource that is to be. `again`: a resource that has failed is asked for once more. */
export async function creation(context: StepContext, { clients }: Pick<World, 'clients'>, what: Creation, again: boolean): Promise<Look> {
  const { kind, id } = what
  const all = [id, ...(what.with ?? [])]
  const found = await kind.get(clients, id)
  if (found && !(await isOurs(context, id, found.tags))) return failed(foreign(kind.noun, id))
  const look = found && creationOf(found, kind.noun)
  if (look === 'ready') {
    await Promise.all(all.map((made) => context.ledger.created(made)))
    return done()
  }
  if (look === 'failed' && !again) return failed((await reasonOf(context, clients, id)) ?? notMade(kind.noun, id))
  if (look && look !== 'failed') return look
  if (!found) {
    const inTheWay = await clearance(context, clients, what.with ?? [])
    if (inTheWay.state !== 'done') return inTheWay
  }
  await Promise.all(all.map((intended) => context.ledger.intend(intended)))
  await noteSubmission(context, id, await what.put())
  return pending()
}

/** What an earlier try has left goes first: Azure makes no disk where there is one. */
async function clearance(context: StepContext, clients: AzureClients, ids: readonly string[]): Promise<Look> {
  const looks = await Promise.all(ids.map(async (id) => ({ id, found: await kindOf(id)?.get(clients, id) })))
  const left = looks.flatMap(({ id, found }) => (found ? [{ id, tags: found.tags }] : []))
  for (const { id, tags } of left) if (!(await isOurs(context, id, tags))) return failed(foreign(kindOf(id)?.noun ?? 'resource', id))
  return left.length === 0
    ? done()
    : removal(
        context,
        clients,
        left.map(({ id }) => id),
      )
}

const foreign = (noun: string, id: string): Problem => ({
  code: 'conflict',
  message: `There is a ${noun} ${nameOf(id)} already, and it was not made for this cluster.`,
  remedy: `Choose another name for the cluster, or remove it: az resource delete --ids ${id}`,
  resource: id,
  retryable: false,
})

export interface CreateArgs<Model> {
  readonly id: string
  readonly model: Model
}

/** `<kind>.create`: a second request for the same name changes nothing, so a lost answer does no harm. */
export function createStep<Model>(kind: ResourceKind<Model>): StepKind<CreateArgs<Model>> {
  async function look(context: StepContext, { id, model }: CreateArgs<Model>, again: boolean): Promise<Look> {
    const world = await worldOf(context)
    const put = () => kind.put(world.clients, id, model, tagsOf(world.cluster, context.operationId, context.services.settings.tablePrefix))
    return creation(context, world, { kind, id, put }, again)
  }
  return azureStep({
    kind: `${kind.name}.create`,
    permissions: kind.permissions.create,
    seconds: kind.seconds.create,
    describe: ({ id }) => ({ title: `create ${kind.noun} ${nameOf(id)}`, touches: [id] }),
    begin: (context, args) => look(context, args, true),
    check: (context, args) => look(context, args, false),
    undo: async (context, { id }) => removal(context, (await worldOf(context)).clients, [id]),
  })
}
