import { removeAgentKey } from '../../agents/agent-key.ts'
import { removeAgentStatus } from '../../agents/agent-status.ts'
import { azureStep } from '../../azure/azure-step.ts'
import type { AzureClients } from '../../azure/clients.ts'
import { listedResources } from '../../azure/listed-resources.ts'
import { publicIpAddress } from '../../azure/public-ip-address.ts'
import { forgetNotifications } from '../../notifications/notification-store.ts'
import type { StepContext } from '../../operations/context.ts'
import { done, type Look } from '../../operations/outcome.ts'
import type { StepKind } from '../../operations/step.ts'
import { findCluster, removeCluster } from '../cluster-store.ts'
import { removePassword } from '../first-password.ts'
import { freeName } from '../name-store.ts'
import { CLUSTER_TAG, kindOf, removalOrder } from '../resources.ts'
import { removal } from './removal.ts'
import { forgetSubmissions } from './submissions.ts'
import { worldOf } from './world.ts'

/** Ids of what the ledger or the tags still show, first to be removed first. */
async function leftovers({ ledger, subjectId: clusterId }: StepContext, clients: AzureClients): Promise<readonly (readonly string[])[]> {
  const ids = new Map<string, string>()
  for (const entry of await ledger.list()) if (entry.state !== 'gone') ids.set(entry.armId.toLowerCase(), entry.armId)
  const filter = `tagName eq '${CLUSTER_TAG}' and tagValue eq '${clusterId}'`
  for (const { id } of await listedResources(clients, filter)) ids.set(id.toLowerCase(), id)
  return removalOrder.map((kind) => [...ids.values()].filter((id) => kindOf(id) === kind))
}

/** Looks at everything once more and removes what is still there: an operation that was called off may have got something made after its place in the plan. */
export const verifyGone: StepKind<null> = azureStep({
  kind: 'cluster.verify-gone',
  // The list of the subscription needs no action of its own: it shows what the app may read.
  permissions: removalOrder.flatMap((kind) => kind.permissions.remove),
  seconds: 1,
  describe: () => ({ title: 'see that nothing is left in Azure', touches: [] }),
  async begin(context): Promise<Look> {
    const { clients } = await worldOf(context)
    for (const ids of await leftovers(context, clients)) {
      const look = await removal(context, clients, ids)
      if (look.state !== 'done') return look
    }
    return done()
  },
})

/** What stands on the network: it has to be gone before the network can go. */
const machineParts = removalOrder.slice(0, removalOrder.indexOf(publicIpAddress))

interface StraysArgs {
  /** ARM ids that other steps remove. */
  readonly besides: readonly string[]
}

/** Machines and their parts that the cluster's nodes do not tell of: a head that an upgrade has made or left. */
export const removeStrays: StepKind<StraysArgs> = azureStep({
  kind: 'cluster.remove-strays',
  permissions: machineParts.flatMap((kind) => kind.permissions.remove),
  seconds: 40,
  describe: () => ({ title: 'remove what an upgrade has left', touches: [] }),
  async begin(context, { besides }): Promise<Look> {
    const { clients } = await worldOf(context)
    const known = new Set(besides.map((id) => id.toLowerCase()))
    const left = await leftovers(context, clients)
    for (const ids of left.slice(0, machineParts.length)) {
      const strays = ids.filter((id) => !known.has(id.toLowerCase()))
      const look = await removal(context, clients, strays)
      if (look.state !== 'done') return look
    }
    return done()
  },
})

/** The cluster's row goes last: until then this can be repeated. */
export const forgetCluster: StepKind<null> = {
  kind: 'cluster.forget',
  permissions: [],
  seconds: 0,
  describe: () => ({ title: 'free the name and forget the secrets', touches: [] }),
  async begin({ services, subjectId: clusterId }) {
    const cluster = await findCluster(services, clusterId)
    if (!cluster) return done()
    await removeAgentKey(services, clusterId)
    await Promise.all([
      removeAgentStatus(services, clusterId),
      forgetSubmissions(services, clusterId),
      forgetNotifications(services, clusterId),
      removePassword(services, clusterId),
      freeName(services, cluster.accountId, cluster.request.name, clusterId),
    ])
    await removeCluster(services, clusterId)
    return done()
  },
}
