import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** Fixed ids, so that settings and examples can name them. */
const TENANT_ID = '00000000-0000-0000-0000-00000000d1ec'
const SUBSCRIPTION_ID = '00000000-0000-0000-0000-00000000510e'

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
