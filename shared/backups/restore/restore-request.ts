import * as z from 'zod'
import { autoscaleSchema } from '../../autoscale/configuration.ts'
import { type AzureCluster, clusterName, clusterTags, resourceName, sshKeyName } from '../../clusters/create-request.ts'

/** What Go's encoder leaves out, and what others write for it: then the backup's own value holds. */
const override = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === null || value === '' ? undefined : value), schema.optional())

/** What a restored cluster may have otherwise than the one that was backed up (contract §1.4). Unknown fields are let through. */
const overrides = z.object({
  name: override(clusterName),
  sshKeyName: override(sshKeyName),
  tags: override(clusterTags),
  autoscale: autoscaleSchema.nullish().transform((autoscale) => autoscale?.nonGpu),
  networkResourceGroup: override(resourceName),
  virtualNetworkName: override(resourceName),
  subnetName: override(resourceName),
  securityGroupName: override(resourceName),
})
export type Overrides = z.output<typeof overrides>

/** The body of `POST /api/clusters/restore/{backupId}`. */
export const restoreRequestSchema = z.object({ cluster: overrides })

/** The create request that a restore stands for. Workers hold no data: they are not made again. */
export function restoredRequest(saved: AzureCluster, changes: Overrides): AzureCluster {
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
  return { ...saved, ...given, clusterConfiguration: { ...saved.clusterConfiguration, workers: [] } }
}
