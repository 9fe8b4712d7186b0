import * as z from 'zod'
import { groupId, parseArmId } from '../azure/arm-id.ts'
import { classify } from '../azure/classify.ts'
import type { AzureClients } from '../azure/clients.ts'
import { isGranted, ownGranted, ownGrantedInSubscription } from '../azure/granted.ts'
import { locationsOf } from '../azure/locations.ts'
import { machineSizes, quotasIn, sizePermissions } from '../azure/machine-sizes.ts'
import type { FeatureUser } from '../permissions/control-plane-role.ts'
import { invalid, ProblemError } from '../problem.ts'

/** What can be chosen where a cluster is made, by the kind of resource. */
const resourceTypes = {
  'storage-accounts': 'Microsoft.Storage/storageAccounts',
  identities: 'Microsoft.ManagedIdentity/userAssignedIdentities',
  'ssh-keys': 'Microsoft.Compute/sshPublicKeys',
  'virtual-networks': 'Microsoft.Network/virtualNetworks',
  'security-groups': 'Microsoft.Network/networkSecurityGroups',
  registries: 'Microsoft.ContainerRegistry/registries',
  'kubernetes-clusters': 'Microsoft.ContainerService/managedClusters',
} as const
type ResourceChoice = keyof typeof resourceTypes

export const choiceKinds = [
  'resource-groups',
  'locations',
  'sizes',
  ...(Object.keys(resourceTypes) as [ResourceChoice, ...ResourceChoice[]]),
] as const
export type ChoiceKind = (typeof choiceKinds)[number]

const GROUPS_READ = 'Microsoft.Resources/subscriptions/resourceGroups/read'

/** What the pick lists ask of Azure. */
export const choiceUsers: readonly FeatureUser[] = [
  {
    kind: 'choices.resources',
    feature: 'pickLists',
    permissions: [GROUPS_READ, ...Object.values(resourceTypes).map((type) => `${type}/read`)],
  },
  {
    kind: 'choices.sizes',
    feature: 'pickLists',
    permissions: sizePermissions,
  },
]

export const choiceSchema = z.object({
  name: z.string(),
  id: z.string().exactOptional().describe('ARM id'),
  title: z.string().exactOptional().describe('For people, where it differs from the name'),
  location: z.string().exactOptional(),
  subnets: z.array(z.object({ name: z.string(), prefix: z.string() })).exactOptional(),
  vCpus: z.number().exactOptional(),
  memory: z.number().exactOptional().describe('GB'),
  withNVMe: z.boolean().exactOptional(),
  left: z.number().exactOptional().describe('How many more machines of the size the quota allows'),
})
export type Choice = z.output<typeof choiceSchema>

export const choicesSchema = z.object({
  items: z.array(choiceSchema).readonly(),
  missing: z
    .object({ message: z.string(), action: z.string(), scope: z.string() })
    .exactOptional()
    .describe('Why the list is empty: the permission that the app lacks'),
})
export type Choices = z.output<typeof choicesSchema>

export interface ChoiceQuery {
  readonly resourceGroup?: string
  readonly location?: string
}

/** What there is to choose from. Azure leaves out of a list what the app may not read: an empty one is looked into. */
export async function choicesOf(clients: AzureClients, kind: ChoiceKind, query: ChoiceQuery): Promise<Choices> {
  const scope =
    query.resourceGroup === undefined ? `/subscriptions/${clients.subscriptionId}` : groupId(clients.subscriptionId, query.resourceGroup)
  try {
    const items = await itemsOf(clients, kind, query)
    const action = kind === 'resource-groups' ? GROUPS_READ : kind in resourceTypes && `${resourceTypes[kind as ResourceChoice]}/read`
    if (items.length > 0 || !action || (await mayRead(clients, action, query))) return { items }
    return { items, missing: lacking(action, scope) }
  } catch (error) {
    const problem = classify(error)
    const { code, action, scope: where = scope } = problem
    // 404 would tell callers that the account is not there.
    if (code === 'not-found') invalid('resourceGroup', problem.message)
    if (code !== 'permission' || action === undefined) throw new ProblemError(problem)
    return { items: [], missing: lacking(action, where) }
  }
}

const lacking = (action: string, scope: string) => ({
  message: `The app sees none, because its role does not hold ${action} there.`,
  action,
  scope,
})

async function mayRead(clients: AzureClients, action: string, { resourceGroup }: ChoiceQuery): Promise<boolean> {
  const granted =
    resourceGroup === undefined ? ownGrantedInSubscription(clients) : ownGranted(clients, groupId(clients.subscriptionId, resourceGroup))
  return isGranted(await granted, action, false)
}

async function itemsOf(clients: AzureClients, kind: ChoiceKind, query: ChoiceQuery): Promise<readonly Choice[]> {
  switch (kind) {
    case 'resource-groups':
      return collected(clients.resources.resourceGroups.list(), ({ id, name, location }) => ({ id, name, location }))
    case 'locations':
      return locationsOf(clients)
    case 'sizes':
      return sizes(clients, query.location ?? invalid('location', 'is needed for sizes'))
    case 'virtual-networks':
      return networks(clients, query)
    default:
      return resources(clients, resourceTypes[kind], query)
  }
}

async function resources({ resources }: AzureClients, type: string, { resourceGroup, location }: ChoiceQuery): Promise<readonly Choice[]> {
  const options = { filter: `resourceType eq '${type}'` }
  const pages =
    resourceGroup === undefined ? resources.resources.list(options) : resources.resources.listByResourceGroup(resourceGroup, options)
  const all = await collected(pages, ({ id, name, location: at }) => ({ id, name, location: at }))
  return location === undefined ? all : all.filter((item) => item.location === location)
}

async function networks({ network }: AzureClients, { resourceGroup }: ChoiceQuery): Promise<readonly Choice[]> {
  const pages = resourceGroup === undefined ? network.virtualNetworks.listAll() : network.virtualNetworks.list(resourceGroup)
  const found: Choice[] = []
  for await (const { id = '', name = '', location, subnets = [] } of pages) {
    const shown = subnets.map((subnet) => ({ name: subnet.name ?? '', prefix: subnet.addressPrefix ?? subnet.addressPrefixes?.[0] ?? '' }))
    found.push({ ...named({ id, name, location }), subnets: shown })
  }
  return found
}

/** Smallest first, as the public client sorts them; what is not sold to the subscription is left out. */
async function sizes(clients: AzureClients, location: string): Promise<readonly Choice[]> {
  const [sold, quotas] = await Promise.all([machineSizes(clients, location), quotasIn(clients, location)])
  const left = new Map(quotas.map(({ name, limit, used }) => [name, Math.max(0, limit - used)]))
  const machines = left.get('virtualMachines') ?? 0
  return sold
    .filter(({ restricted }) => !restricted)
    .sort((a, b) => a.vCpus - b.vCpus || a.memory - b.memory)
    .map(({ name, family, vCpus, memory, nvme }) => {
      const cores = Math.min(left.get(family) ?? 0, left.get('cores') ?? 0)
      return { name, vCpus, memory, withNVMe: nvme, left: Math.min(machines, Math.floor(cores / Math.max(1, vCpus))) }
    })
}

interface Named {
  readonly id?: string | undefined
  readonly name?: string | undefined
  readonly location?: string | undefined
}

async function collected<T>(pages: AsyncIterable<T>, read: (item: T) => Named): Promise<readonly Choice[]> {
  const items: Choice[] = []
  for await (const item of pages) items.push(named(read(item)))
  return items
}

const named = ({ id, name, location }: Named): Choice => ({
  name: name ?? (id === undefined ? '' : (parseArmId(id).names.at(-1) ?? '')),
  ...(id !== undefined && { id }),
  ...(location !== undefined && { location }),
})
