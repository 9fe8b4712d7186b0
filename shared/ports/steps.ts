import { isDeepStrictEqual } from 'node:util'
import { nameOf } from '../azure/arm-id.ts'
import { azureStep } from '../azure/azure-step.ts'
import { type InboundRule, inboundRuleModel } from '../azure/network-security-group.ts'
import { type RuledGroup, removeRule, ruledGroup, writeRule, writeRules } from '../azure/security-rules.ts'
import type { Cluster, Ports } from '../clusters/cluster.ts'
import { updateCluster } from '../clusters/cluster-store.ts'
import { allPorts, closedPorts, portsWhere, serviceRules } from '../clusters/open-ports.ts'
import { type World, worldOf } from '../clusters/steps/world.ts'
import type { StepContext } from '../operations/context.ts'
import type { AnyStepKind } from '../operations/kinds.ts'
import { done, failed, type Look, pending } from '../operations/outcome.ts'
import type { StepKind } from '../operations/step.ts'
import { ruleChanges } from './rule-changes.ts'

export interface PortsArgs {
  /** ARM id of the security group. */
  readonly id: string
  readonly ports: Ports
}

const READ = 'Microsoft.Network/networkSecurityGroups/read'

type Naming = (clusterId: string) => (rule: InboundRule) => InboundRule

const plainNames: Naming = () => (rule) => rule

/** Several clusters may share a group that was brought along: there a rule's name tells whose it is. */
const ruleNamesOf: Naming = (clusterId) => (rule) => ({ ...rule, name: `slipway-${clusterId.slice(-12)}-${rule.name}` })

/** In the cluster's own group, with one request: it needs no other right than that to make the group. */
export const openOwnPorts: StepKind<PortsArgs> = azureStep({
  kind: 'ports.open',
  permissions: [READ, 'Microsoft.Network/networkSecurityGroups/write'],
  seconds: 4,
  describe: ({ id, ports }) => ({ title: titleOf(id, ports), touches: [id] }),
  begin: async (context, { id, ports }) =>
    withGroup(context, id, plainNames, async ({ clients }, group) => {
      const { write, remove } = ruleChanges(group.rules, serviceRules(allPorts).map(nameOfRule), serviceRules(ports))
      if (write.length + remove.length === 0) return done()
      const changed = [...remove, ...write.map(nameOfRule)].map((name) => name.toLowerCase())
      const kept = group.rules.filter(({ name = '' }) => !changed.includes(name.toLowerCase()))
      await writeRules(clients, id, group, [...kept, ...write.map(inboundRuleModel)])
      return pending()
    }),
})

/** In a group that was brought along, rule by rule: what else stands in it is not ours to write. */
export const openGivenPorts: StepKind<PortsArgs> = azureStep({
  kind: 'ports.open-given',
  permissions: [
    READ,
    'Microsoft.Network/networkSecurityGroups/securityRules/write',
    'Microsoft.Network/networkSecurityGroups/securityRules/delete',
  ],
  seconds: 8,
  describe: ({ id, ports }) => ({ title: titleOf(id, ports), touches: [id] }),
  begin: (context, { id, ports }) => withGroup(context, id, ruleNamesOf, (world, group) => nextRule(context, world, group, id, ports)),
})

interface CloseArgs {
  readonly id: string
}

/** Takes a terminated cluster's rules out of a group that was brought along. */
export const closePorts: StepKind<CloseArgs> = azureStep({
  kind: 'ports.close-given',
  permissions: [READ, 'Microsoft.Network/networkSecurityGroups/securityRules/delete'],
  seconds: 8,
  describe: ({ id }) => ({ title: `take the cluster's rules out of network security group ${nameOf(id)}`, touches: [id] }),
  async begin(context, { id }) {
    const world = await worldOf(context)
    const group = await ruledGroup(world.clients, id)
    return group ? whenSettled(group, () => nextRule(context, world, group, id, closedPorts)) : done()
  },
})

const nameOfRule = ({ name }: InboundRule): string => name

function titleOf(id: string, ports: Ports): string {
  const open = serviceRules(ports).map(nameOfRule)
  return `open ${open.length > 0 ? open.join(', ') : 'no further ports'} in network security group ${nameOf(id)}`
}

/** Azure changes one rule of a group at a time. */
async function nextRule(
  { subjectId: clusterId }: StepContext,
  { clients }: World,
  group: RuledGroup,
  id: string,
  ports: Ports,
): Promise<Look> {
  const named = ruleNamesOf(clusterId)
  const all = serviceRules(allPorts).map(named).map(nameOfRule)
  const { write, remove } = ruleChanges(group.rules, all, serviceRules(ports).map(named))
  const [gone] = remove
  const [next] = write
  if (gone !== undefined) await removeRule(clients, id, gone)
  else if (next) await writeRule(clients, id, next)
  else return done()
  return pending({ note: `${remove.length + write.length} rules are left to change.` })
}

/** A cluster that is being terminated has nothing to open any more. */
async function withGroup(
  context: StepContext,
  id: string,
  naming: Naming,
  change: (world: World, group: RuledGroup) => Promise<Look>,
): Promise<Look> {
  const world = await worldOf(context)
  if (world.cluster.state === 'shutting-down') return done()
  const group = await ruledGroup(world.clients, id)
  if (!group) return failed(missing(id))
  await showFound(context, world.cluster, group, naming)
  return whenSettled(group, () => change(world, group))
}

/** Before anything is changed: where the change ends half-way, the cluster shows how far it has come. */
async function showFound({ services }: StepContext, cluster: Cluster, { rules }: RuledGroup, naming: Naming): Promise<void> {
  const named = naming(cluster.id)
  const names = new Set(rules.map(({ name = '' }) => name.toLowerCase()))
  const ports = portsWhere((rule) => names.has(named(rule).name.toLowerCase()))
  if (isDeepStrictEqual(ports, cluster.ports)) return
  await updateCluster(services, cluster.id, (current) => ({ ...current, ports }))
}

const whenSettled = async ({ isSettled }: RuledGroup, change: () => Promise<Look>): Promise<Look> =>
  isSettled ? change() : pending({ note: 'Azure is changing the security group.' })

const missing = (id: string) =>
  ({
    code: 'not-found',
    message: `There is no network security group ${nameOf(id)} any more.`,
    remedy: 'Somebody removed it outside Slipway. Make it again, or terminate the cluster and create it anew.',
    resource: id,
    retryable: false,
  }) as const

export const portSteps: readonly AnyStepKind[] = [openOwnPorts, openGivenPorts, closePorts]
