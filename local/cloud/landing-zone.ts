import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { REGISTRATIONS } from './arm/registration.ts'
import { SUBSCRIPTIONS } from './arm/subscription.ts'
import { customRoleId, ROLE_DEFINITION } from './authorization/access.ts'
import type { Permission } from './authorization/role.ts'
import { assignRole } from './authorization/role-assignments.ts'
import type { Parts } from './create-azure.ts'
import { clusterActions, clusterDataActions, controlPlaneActions, controlPlaneDataActions, offerActions } from './landing-zone-roles.ts'
import { seedResource } from './seed-resource.ts'

/** Fixed ids, so that settings and examples can name them. */
export const TENANT_ID = '00000000-0000-0000-0000-00000000d1ec'
export const SUBSCRIPTION_ID = '00000000-0000-0000-0000-00000000510e'
const OWNER = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635'

const credentialsSchema = z.object({ clientId: z.string(), objectId: z.string(), clientSecret: z.string() })
const landingZoneSchema = z.object({
  tenantId: z.string(),
  subscriptionId: z.string(),
  resourceGroup: z.string(),
  location: z.string(),
  identity: z.string(),
  storageAccount: z.string(),
  sshKey: z.string(),
  registry: z.string(),
  existingNetwork: z.object({
    resourceGroup: z.string(),
    virtualNetwork: z.string(),
    subnet: z.string(),
    networkSecurityGroup: z.string(),
  }),
  /** The service principal that the control plane runs as. */
  controlPlane: credentialsSchema,
  /** An Owner of the subscription: for `az` and for tests. */
  you: credentialsSchema,
})

/** What a fresh simulated Azure already has, with the secrets to use it. */
export type LandingZone = z.infer<typeof landingZoneSchema>

/** Read from `landing-zone.json` (mode 600) in `dataDir`, made there on first use. */
export function landingZoneIn(dataDir: string): LandingZone {
  const path = join(dataDir, 'landing-zone.json')
  if (existsSync(path)) return landingZoneSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  const secret = () => randomBytes(30).toString('base64url')
  const zone: LandingZone = {
    tenantId: TENANT_ID,
    subscriptionId: SUBSCRIPTION_ID,
    resourceGroup: 'slipway',
    location: 'northeurope',
    identity: 'hopsworks-identity',
    storageAccount: 'slipwaystorage',
    sshKey: 'slipway-key',
    registry: 'slipwayregistry',
    existingNetwork: { resourceGroup: 'network', virtualNetwork: 'existing-vnet', subnet: 'default', networkSecurityGroup: 'existing-nsg' },
    controlPlane: {
      clientId: '00000000-0000-0000-0000-0000000c0de1',
      objectId: '00000000-0000-0000-0000-0000000c0de2',
      clientSecret: secret(),
    },
    you: { clientId: '00000000-0000-0000-0000-0000000000a1', objectId: '00000000-0000-0000-0000-0000000000a2', clientSecret: secret() },
  }
  mkdirSync(dataDir, { recursive: true })
  writeFileSync(path, `${JSON.stringify(zone, null, 2)}\n`, { mode: 0o600 })
  return zone
}

/** Fills an empty state, in one change. What has no provider (in tests of one alone) is left out. */
export function seedLandingZone(parts: Parts, zone: LandingZone): void {
  const { azure, state, directory, arm } = parts
  if (state.table('meta').get('seeded')) return
  state.change(() => {
    state.table('meta').put('seeded', {})
    const subscription = `/subscriptions/${zone.subscriptionId}`
    const group = `${subscription}/resourceGroups/${zone.resourceGroup}`
    const network = `${subscription}/resourceGroups/${zone.existingNetwork.resourceGroup}`
    azure.records(SUBSCRIPTIONS).put(zone.subscriptionId, { displayName: 'Slipway local world' })
    for (const { namespace } of arm.registry.providers)
      azure.records(REGISTRATIONS).put(`${zone.subscriptionId}/${namespace}`.toLowerCase(), { state: 'Registered' })

    for (const [displayName, { clientId, objectId, clientSecret }] of [
      ['slipway', zone.controlPlane] as const,
      ['you', zone.you] as const,
    ]) {
      directory.put({ clientId, objectId, displayName, kind: 'Application' })
      directory.setSecret(clientId, clientSecret)
    }
    const assign = (role: string, principalId: string, scope: string) =>
      assignRole(azure, { name: azure.uuid(), scope, role, principalId, effectiveIn: 0 })
    assign(OWNER, zone.you.objectId, subscription)

    const seed = (id: string, body: Parameters<typeof seedResource>[2]) => seedResource(arm, id, body, zone.you.objectId)
    const { location } = zone
    seed(group, { location })
    seed(network, { location })

    const controlPlane = makeRole(parts, 'Slipway control plane', [group, network], {
      actions: controlPlaneActions,
      dataActions: controlPlaneDataActions,
    })
    assign(controlPlane, zone.controlPlane.objectId, group)
    assign(controlPlane, zone.controlPlane.objectId, network)
    assign(makeRole(parts, 'Slipway offers', [subscription], { actions: offerActions }), zone.controlPlane.objectId, subscription)

    const identity = seed(`${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${zone.identity}`, { location })
    const storage = seed(`${group}/providers/Microsoft.Storage/storageAccounts/${zone.storageAccount}`, {
      location,
      kind: 'StorageV2',
      sku: { name: 'Standard_LRS' },
      properties: { allowBlobPublicAccess: false, minimumTlsVersion: 'TLS1_2' },
    })
    const cluster = makeRole(parts, 'Hopsworks cluster', [group], { actions: clusterActions, dataActions: clusterDataActions })
    const principalId = identity?.properties.principalId
    if (typeof principalId === 'string') {
      if (storage) assign(cluster, principalId, storage.id)
      assign(cluster, principalId, group)
    }
    seed(`${group}/providers/Microsoft.Compute/sshPublicKeys/${zone.sshKey}`, {
      location,
      properties: { publicKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFNsaXB3YXkgc2ltdWxhdGVkIEF6dXJlLCBub3Qgc2Vj slipway-key' },
    })
    seed(`${group}/providers/Microsoft.ContainerRegistry/registries/${zone.registry}`, { location, sku: { name: 'Basic' } })
    const nsg = `${network}/providers/Microsoft.Network/networkSecurityGroups/${zone.existingNetwork.networkSecurityGroup}`
    const open = (name: string, priority: number, port: string) => ({
      name,
      properties: {
        priority,
        direction: 'Inbound',
        access: 'Allow',
        protocol: 'Tcp',
        sourceAddressPrefix: '*',
        sourcePortRange: '*',
        destinationAddressPrefix: '*',
        destinationPortRange: port,
      },
    })
    seed(nsg, { location, properties: { securityRules: [open('http', 100, '80'), open('https', 110, '443')] } })
    seed(`${network}/providers/Microsoft.Network/virtualNetworks/${zone.existingNetwork.virtualNetwork}`, {
      location,
      properties: {
        addressSpace: { addressPrefixes: ['10.1.0.0/16'] },
        subnets: [{ name: zone.existingNetwork.subnet, properties: { addressPrefix: '10.1.0.0/20' } }],
      },
    })
  })
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
