import { unlessAbsent } from '../../azure/absent.ts'
import { nameOf, parseArmId } from '../../azure/arm-id.ts'
import { azureStep } from '../../azure/azure-step.ts'
import { BLOBS_READ, contentsOf, createContainer } from '../../azure/blob-container.ts'
import type { AzureClients } from '../../azure/clients.ts'
import { imageApiVersion, imagePermissions } from '../../azure/own-image.ts'
import { done, failed, type Look } from '../../operations/outcome.ts'
import type { StepKind } from '../../operations/step.ts'
import { updateCluster } from '../cluster-store.ts'
import { worldOf } from './world.ts'

/** What a check looks at. */
export interface CheckArgs {
  readonly id: string
}

interface Check {
  readonly kind: string
  readonly noun: string
  readonly permissions: readonly string[]
  /** Undefined or nothing where Azure answers 404. */
  readonly find: (clients: AzureClients, group: string, names: readonly string[], id: string) => Promise<object | undefined>
  /** How to see which there are, or to make one. */
  readonly remedy: (group: string, name: string) => string
}

/** A check that can also be made where there is no cluster yet: `look` changes nothing. */
export interface GivenCheck extends StepKind<CheckArgs> {
  readonly look: (clients: AzureClients, id: string) => Promise<Look>
}

const givenCheck = (kind: Omit<GivenCheck, 'begin' | 'seconds'>): GivenCheck => ({
  ...azureStep({
    ...kind,
    seconds: 1,
    begin: async (context, { id }) => kind.look((await worldOf(context)).clients, id),
  }),
  look: kind.look,
})

/** Something that the user brings must be there; found out before anything is made. */
const existence = ({ kind, noun, permissions, find, remedy }: Check): GivenCheck =>
  givenCheck({
    kind,
    permissions,
    describe: ({ id }) => ({ title: `check ${noun} ${nameOf(id)}`, touches: [] }),
    async look(clients, id) {
      const { resourceGroup, names } = parseArmId(id)
      return (await unlessAbsent(find(clients, resourceGroup, names, id))) ? done() : missing(noun, id, remedy(resourceGroup, nameOf(id)))
    },
  })

function missing(noun: string, id: string, remedy: string): Look {
  const { resourceGroup } = parseArmId(id)
  const where = noun === 'resource group' ? 'the subscription' : `the resource group ${resourceGroup}`
  return failed({
    code: 'not-found',
    message: `There is no ${noun} ${nameOf(id)} in ${where}.`,
    remedy: `${remedy}, then retry.`,
    resource: id,
    retryable: false,
  })
}

export const checkResourceGroup = existence({
  kind: 'resource-group.check',
  noun: 'resource group',
  permissions: ['Microsoft.Resources/subscriptions/resourceGroups/read'],
  find: ({ resources }, group) => resources.resourceGroups.get(group),
  remedy: (group) => `az group create --name ${group} --location <location>`,
})

export const checkIdentity = existence({
  kind: 'user-assigned-identity.check',
  noun: 'user-assigned identity',
  permissions: ['Microsoft.ManagedIdentity/userAssignedIdentities/read'],
  find: ({ identities }, group, [name = '']) => identities.userAssignedIdentities.get(group, name),
  remedy: (group, name) => `az identity create --resource-group ${group} --name ${name}`,
})

export const checkStorageAccount = existence({
  kind: 'storage-account.check',
  noun: 'storage account',
  permissions: ['Microsoft.Storage/storageAccounts/read'],
  find: ({ storage }, group, [name = '']) => storage.storageAccounts.getProperties(group, name),
  remedy: (group, name) => `az storage account create --resource-group ${group} --name ${name}`,
})

export const checkVirtualNetwork = existence({
  kind: 'virtual-network.check',
  noun: 'virtual network',
  permissions: ['Microsoft.Network/virtualNetworks/read'],
  find: ({ network }, group, [name = '']) => network.virtualNetworks.get(group, name),
  remedy: (group) => `az network vnet list --resource-group ${group} --output table`,
})

export const checkSubnet = existence({
  kind: 'subnet.check',
  noun: 'subnet',
  permissions: ['Microsoft.Network/virtualNetworks/subnets/read'],
  find: ({ network }, group, [name = '', subnet = '']) => network.subnets.get(group, name, subnet),
  remedy: (group) => `az network vnet list --resource-group ${group} --output table`,
})

export const checkSecurityGroup = existence({
  kind: 'network-security-group.check',
  noun: 'network security group',
  permissions: ['Microsoft.Network/networkSecurityGroups/read'],
  find: ({ network }, group, [name = '']) => network.networkSecurityGroups.get(group, name),
  remedy: (group) => `az network nsg list --resource-group ${group} --output table`,
})

/** Through the client for any resource: nothing else is asked of these. */
const resourceOf =
  (apiVersion: (id: string) => string): Check['find'] =>
  ({ resources }, _group, _names, id) =>
    resources.resources.getById(id, apiVersion(id))

export const checkRegistry = existence({
  kind: 'registry.check',
  noun: 'container registry',
  permissions: ['Microsoft.ContainerRegistry/registries/read'],
  find: resourceOf(() => '2023-07-01'),
  remedy: (group, name) => `az acr create --resource-group ${group} --name ${name} --sku Premium`,
})

export const checkKubernetes = existence({
  kind: 'kubernetes.check',
  noun: 'Kubernetes cluster',
  permissions: ['Microsoft.ContainerService/managedClusters/read'],
  find: resourceOf(() => '2024-05-01'),
  remedy: (group) => `az aks list --resource-group ${group} --output table`,
})

/** Of the version, where that is not one of the marketplace. */
export const checkImage = existence({
  kind: 'image.check',
  noun: 'image',
  permissions: imagePermissions,
  find: resourceOf(imageApiVersion),
  remedy: () => 'Have an administrator name another image for the version (POST /api/versions)',
})

/** The key's text, or why there is none. */
async function publicKeyText({ compute }: AzureClients, id: string): Promise<string | Look> {
  const { resourceGroup } = parseArmId(id)
  const key = await unlessAbsent(compute.sshPublicKeys.get(resourceGroup, nameOf(id)))
  if (!key) return missing('SSH key', id, `az sshkey create --resource-group ${resourceGroup} --name ${nameOf(id)}`)
  return key.publicKey?.trim() || missing('public key text in SSH key', id, 'Upload the public key or generate a pair')
}

const sshPublicKey = givenCheck({
  kind: 'ssh-public-key.check',
  permissions: ['Microsoft.Compute/sshPublicKeys/read'],
  describe: ({ id }) => ({ title: `check SSH key ${nameOf(id)}`, touches: [] }),
  async look(clients, id) {
    const text = await publicKeyText(clients, id)
    return typeof text === 'string' ? done() : text
  },
})

/** Keeps the key's text as well: every machine is made with it. */
export const checkSshPublicKey: GivenCheck = {
  ...sshPublicKey,
  ...azureStep({
    ...sshPublicKey,
    async begin(context, { id }) {
      const text = await publicKeyText((await worldOf(context)).clients, id)
      if (typeof text !== 'string') return text
      await updateCluster(context.services, context.subjectId, (cluster) => ({ ...cluster, sshPublicKey: text }))
      return done()
    },
  }),
}

const containerPermissions = {
  permissions: ['Microsoft.Storage/storageAccounts/blobServices/containers/read'],
  dataPermissions: [BLOBS_READ],
}

/** A container with somebody's data in it must not become a cluster's. */
export const checkContainer = givenCheck({
  kind: 'blob-container.check',
  ...containerPermissions,
  describe: ({ id }) => ({ title: `check that container ${nameOf(id)} is empty or absent`, touches: [] }),
  look: async (clients, id) => ((await contentsOf(clients, id)) === 'filled' ? filled(id) : done()),
})

function filled(id: string): Look {
  const { names } = parseArmId(id)
  return failed({
    code: 'conflict',
    message: `The container ${nameOf(id)} of the storage account ${names[0]} is not empty.`,
    remedy: `Empty it, then retry: az storage blob delete-batch --auth-mode login --account-name ${names[0]} --source ${nameOf(id)}`,
    resource: id,
    retryable: false,
  })
}

/** A restored cluster goes on with the container of the one that was backed up. */
export const checkContainerKept = existence({
  kind: 'restore.check-container',
  noun: 'container',
  permissions: containerPermissions.permissions,
  find: ({ storage }, group, [account = '', , container = '']) => storage.blobContainers.get(group, account, container),
  remedy: () => 'A backup is of no use without the container that its cluster had. Where it was deleted softly, restore it',
})

export const checkSnapshot = existence({
  kind: 'restore.check-snapshot',
  noun: 'snapshot',
  permissions: ['Microsoft.Compute/snapshots/read'],
  find: ({ compute }, group, [name = '']) => compute.snapshots.get(group, name),
  remedy: () => 'Somebody removed it outside Slipway. Restore another backup',
})

/** The container and what is in it outlive the cluster: nothing takes it back. */
export const createBlobContainer: StepKind<CheckArgs> = azureStep({
  kind: 'blob-container.create',
  permissions: [...containerPermissions.permissions, 'Microsoft.Storage/storageAccounts/blobServices/containers/write'],
  dataPermissions: containerPermissions.dataPermissions,
  seconds: 1,
  describe: ({ id }) => ({ title: `create container ${nameOf(id)}`, touches: [id] }),
  async begin(context, { id }) {
    const { clients } = await worldOf(context)
    if ((await contentsOf(clients, id)) === 'absent') await createContainer(clients, id)
    return done()
  },
})

export const givenChecks: readonly GivenCheck[] = [
  checkResourceGroup,
  checkSshPublicKey,
  checkIdentity,
  checkStorageAccount,
  checkContainer,
  checkContainerKept,
  checkSnapshot,
  checkVirtualNetwork,
  checkSubnet,
  checkSecurityGroup,
  checkRegistry,
  checkKubernetes,
  checkImage,
]
