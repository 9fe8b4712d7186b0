import { REGISTRATIONS, registrationKey } from './arm/registration.ts'
import { SUBSCRIPTIONS } from './arm/subscription.ts'
import { customRoleId, ROLE_DEFINITION } from './authorization/access.ts'
import type { Permission } from './authorization/role.ts'
import { assignRole } from './authorization/role-assignments.ts'
import type { Parts } from './create-azure.ts'
import type { LandingZone } from './landing-zone.ts'
import {
  clusterActions,
  clusterDataActions,
  controlPlaneActions,
  controlPlaneDataActions,
  offerActions,
  registryActions,
  registryDataActions,
} from './landing-zone-roles.ts'
import type { JsonObject, Resource } from './resource.ts'
import { seedResource } from './seed-resource.ts'

const OWNER = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635'

/** Ids of what the landing zone is made of. */
interface Scopes {
  readonly subscription: string
  readonly group: string
  readonly network: string
}

/** Fills an empty state, in one change. What has no provider (in tests of one alone) is left out. */
export function seedLandingZone(parts: Parts, zone: LandingZone): void {
  const { state } = parts
  if (state.table('meta').get('seeded')) return
  const subscription = `/subscriptions/${zone.subscriptionId}`
  const scopes = {
    subscription,
    group: `${subscription}/resourceGroups/${zone.resourceGroup}`,
    network: `${subscription}/resourceGroups/${zone.existingNetwork.resourceGroup}`,
  }
  state.change(() => {
    state.table('meta').put('seeded', {})
    seedSubscription(parts, zone)
    seedPrincipals(parts, zone)
    assign(parts, OWNER, zone.you.objectId, scopes.subscription)
    seed(parts, zone, scopes.group, {})
    seed(parts, zone, scopes.network, {})
    seedControlPlaneRoles(parts, zone, scopes)
    seedClusterResources(parts, zone, scopes)
    seedExistingNetwork(parts, zone, scopes)
  })
}

function seedSubscription({ azure, arm }: Parts, zone: LandingZone): void {
  azure.records(SUBSCRIPTIONS).put(zone.subscriptionId, { displayName: 'Slipway local world' })
  for (const { namespace } of arm.registry.providers)
    azure.records(REGISTRATIONS).put(registrationKey(zone.subscriptionId, namespace), { state: 'Registered' })
}

function seedPrincipals({ directory }: Parts, zone: LandingZone): void {
  for (const [displayName, { clientId, objectId, clientSecret }] of [['slipway', zone.controlPlane] as const, ['you', zone.you] as const]) {
    directory.put({ clientId, objectId, displayName, kind: 'Application' })
    directory.setSecret(clientId, clientSecret)
  }
}

function seedControlPlaneRoles(parts: Parts, zone: LandingZone, { subscription, group, network }: Scopes): void {
  const { objectId } = zone.controlPlane
  const role = makeRole(parts, 'Slipway control plane', [group, network], {
    actions: controlPlaneActions,
    dataActions: controlPlaneDataActions,
  })
  assign(parts, role, objectId, group)
  assign(parts, role, objectId, network)
  assign(parts, makeRole(parts, 'Slipway offers', [subscription], { actions: offerActions }), objectId, subscription)
}

function seedClusterResources(parts: Parts, zone: LandingZone, { group }: Scopes): void {
  const identity = seed(parts, zone, `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${zone.identity}`, {})
  const storage = seed(parts, zone, `${group}/providers/Microsoft.Storage/storageAccounts/${zone.storageAccount}`, {
    kind: 'StorageV2',
    sku: { name: 'Standard_LRS' },
    properties: { allowBlobPublicAccess: false, minimumTlsVersion: 'TLS1_2' },
  })
  const principalId = identity?.properties.principalId
  if (typeof principalId === 'string') {
    const role = makeRole(parts, 'Hopsworks cluster', [group], { actions: clusterActions, dataActions: clusterDataActions })
    if (storage) assign(parts, role, principalId, storage.id)
    assign(parts, role, principalId, group)
  }
  seed(parts, zone, `${group}/providers/Microsoft.Compute/sshPublicKeys/${zone.sshKey}`, {
    properties: { publicKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFNsaXB3YXkgc2ltdWxhdGVkIEF6dXJlLCBub3Qgc2Vj slipway-key' },
  })
  const registry = seed(parts, zone, `${group}/providers/Microsoft.ContainerRegistry/registries/${zone.registry}`, {
    sku: { name: 'Basic' },
  })
  if (!registry) return
  const cleaning = makeRole(parts, 'Slipway registries', [group], { actions: registryActions, dataActions: registryDataActions })
  assign(parts, cleaning, zone.controlPlane.objectId, registry.id)
}

function seedExistingNetwork(parts: Parts, zone: LandingZone, { network }: Scopes): void {
  const { networkSecurityGroup, virtualNetwork, subnet } = zone.existingNetwork
  seed(parts, zone, `${network}/providers/Microsoft.Network/networkSecurityGroups/${networkSecurityGroup}`, {
    properties: { securityRules: [allowInbound('http', 100, '80'), allowInbound('https', 110, '443')] },
  })
  seed(parts, zone, `${network}/providers/Microsoft.Network/virtualNetworks/${virtualNetwork}`, {
    properties: {
      addressSpace: { addressPrefixes: ['10.1.0.0/16'] },
      subnets: [{ name: subnet, properties: { addressPrefix: '10.1.0.0/20' } }],
    },
  })
}

function allowInbound(name: string, priority: number, port: string): JsonObject {
  const anywhere = { sourceAddressPrefix: '*', sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: port }
  return { name, properties: { priority, direction: 'Inbound', access: 'Allow', protocol: 'Tcp', ...anywhere } }
}

function seed({ arm }: Parts, zone: LandingZone, id: string, body: JsonObject): Resource | undefined {
  return seedResource(arm, id, { location: zone.location, ...body }, zone.you.objectId)
}

function assign({ azure }: Parts, role: string, principalId: string, scope: string): void {
  assignRole(azure, { name: azure.uuid(), scope, role, principalId, effectiveIn: 0 })
}

/** Gives back the GUID of the new role. */
function makeRole({ azure }: Parts, roleName: string, assignableScopes: readonly string[], given: Partial<Permission>): string {
  const name = azure.uuid()
  const permission: Permission = { actions: [], notActions: [], dataActions: [], notDataActions: [], ...given }
  azure.resources.put({
    id: customRoleId(name),
    name,
    type: ROLE_DEFINITION,
    provisioningState: 'Succeeded',
    properties: { roleName, description: '', type: 'CustomRole', assignableScopes, permissions: [{ ...permission }] },
    envelope: {},
    hidden: {},
  })
  return name
}
