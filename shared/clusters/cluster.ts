import * as z from 'zod'
import { autoscaleBaseSchema } from '../autoscale/configuration.ts'
import { upgradeSchema } from '../upgrades/upgrade.ts'
import { clusterStates } from './cluster-state.ts'
import type { azureClusterSchema } from './create-request.ts'
import { nodeSchema } from './node.ts'
import type { Standing } from './transitions.ts'

export const portsSchema = z.strictObject({
  featureStore: z.boolean(),
  onlineFeatureStore: z.boolean(),
  kafka: z.boolean(),
  ssh: z.boolean(),
})
export type Ports = Readonly<z.output<typeof portsSchema>>

/** The networking resources of a cluster: what the user brought, or what we make. */
const networkSchema = z.strictObject({
  resourceGroup: z.string(),
  virtualNetwork: z.string(),
  subnet: z.string(),
  securityGroup: z.string(),
  /** Whether they are ours: made at creation, removed at termination. */
  ownsVirtualNetwork: z.boolean(),
  ownsSecurityGroup: z.boolean(),
})

/** A version within the cluster's reach, as it was told; no longer true when the cluster's own is not `from` any more. */
const newerVersionSchema = z.strictObject({ from: z.string(), version: z.string(), releaseNotesUrl: z.string() })

/** A cluster's row: everything that its GET answers. Times are epoch seconds. */
export const clusterSchema = z.strictObject({
  id: z.string(),
  accountId: z.string(),
  subscriptionId: z.string(),
  state: z.enum(clusterStates),
  activeOperation: z.strictObject({ id: z.string(), kind: z.string() }).exactOptional(),
  /** The operation whose failure explains the state. */
  failed: z
    .strictObject({
      operationId: z.string(),
      kind: z.string(),
      message: z.string(),
      /** Sizes were chosen since, which its plan does not know. */
      outdated: z.literal(true).exactOptional(),
    })
    .exactOptional(),
  createdOn: z.number(),
  /** The backup that it was made from. */
  restoredFrom: z.string().exactOptional(),
  startedOn: z.number().exactOptional(),
  /** What the agent is at, or what is being done; free text. */
  stage: z.string(),
  /** As it was asked for (answers repeat it to the letter). Stored as the schema puts it out. */
  request: z.custom<z.output<typeof azureClusterSchema>>((value) => typeof value === 'object' && value !== null),
  network: networkSchema,
  nodes: z.array(nodeSchema).readonly(),
  /** Absent: workers come and go only by hand. */
  autoscale: autoscaleBaseSchema.exactOptional(),
  /** Workers are to scale with a load that nobody tells. */
  loadUnknown: z.literal(true).exactOptional(),
  /** As Azure had them when it was last asked. */
  ports: portsSchema,
  /** Rules of ours may stand in a group that was brought along: from then on a termination looks for them. */
  ruled: z.literal(true).exactOptional(),
  /** What they are being changed to, beside whatever else goes on. */
  portsChange: z.strictObject({ operationId: z.string(), ports: portsSchema }).exactOptional(),
  /** Text of the SSH public key, read from Azure at creation. */
  sshPublicKey: z.string().exactOptional(),
  publicIp: z.string().exactOptional(),
  /** Whoever deletes it has to confirm that by its name. */
  locked: z.literal(true).exactOptional(),
  upgrade: upgradeSchema.exactOptional(),
  newerVersion: newerVersionSchema.exactOptional(),
})
export type Cluster = Readonly<z.output<typeof clusterSchema>>

export function standingOf({ state, activeOperation, failed, locked, upgrade, request }: Cluster): Standing {
  return {
    state,
    ...(activeOperation && { busyWith: activeOperation.kind }),
    ...(failed && { failedAt: failed.kind }),
    ...(locked && { locked }),
    ...(request.backupRetentionPeriod === 0 && { unsaved: true }),
    ...(upgrade && { upgrade: upgrade.phase }),
  }
}
