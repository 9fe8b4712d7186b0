import * as z from 'zod'
import { autoscaleSchema } from '../autoscale/configuration.ts'
import { flag, instanceType, integer, LARGEST_DISK, optional, workerSchema } from './worker-configuration.ts'

/**
 * The body of `POST /api/clusters` as Terraform's provider and scripts send it (contract §1.4).
 * Unknown fields are let through, `null` is as good as absent. Sizes and counts: GB, whole numbers.
 */

const text = (longest = 256) => optional(z.string().max(longest), '')
/** In single-node mode all groups but `ndbd` come without an instance type. */
const rondbNodes = (absentDisk: number, absentCount: number) =>
  optional(
    z.object({
      instanceType: text(64),
      diskSize: optional(integer(0, LARGEST_DISK), absentDisk),
      count: optional(integer(0, 128), absentCount),
      arrowFlight: flag(),
    }),
    { instanceType: '', diskSize: absentDisk, count: absentCount, arrowFlight: false },
  )

const rondbSchema = z.object({
  allInOne: flag(),
  configuration: optional(
    z.object({
      ndbdDefault: optional(z.object({ replicationFactor: optional(integer(1, 3), 1) }), { replicationFactor: 1 }),
      general: optional(z.object({ benchmark: optional(z.object({ grantUserPrivileges: flag() }), { grantUserPrivileges: false }) }), {
        benchmark: { grantUserPrivileges: false },
      }),
    }),
    { ndbdDefault: { replicationFactor: 1 }, general: { benchmark: { grantUserPrivileges: false } } },
  ),
  mgmd: rondbNodes(30, 1),
  ndbd: rondbNodes(512, 1),
  mysqld: rondbNodes(128, 1),
  api: rondbNodes(30, 0),
})

export const resourceName = z.string().regex(/^[\w.()-]{1,90}$/, 'must be the name of an Azure resource')
const resourceNameOrNone = optional(z.union([z.literal(''), resourceName]), '')

/** [learn: azure-resource-manager/management/tag-resources] 40 of Azure's 50 tags are the user's. */
const tagName = z
  .string()
  .regex(/^(?!slipway-)[^<>%&\\?/]{1,512}$/i, 'must be 1 to 512 characters without < > % & \\ ? / and not begin with slipway-')

export const clusterName = z
  .string()
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,18}[A-Za-z0-9])?$/, 'must be 1 to 20 letters, digits and dashes, no dash at the ends')

export const sshKeyName = z.string('SSH key is required').min(1, 'SSH key is required').max(80)

export const clusterTags = z.array(z.object({ name: tagName, value: text() })).max(40)

export const azureClusterSchema = z.object({
  name: clusterName,
  version: z.string().regex(/^\d{1,4}\.\d{1,4}\.\d{1,4}(?:[-+_][\w.+-]{1,40})?$/, 'must be a version such as 3.9.0'),
  sshKeyName,
  clusterConfiguration: z.object({
    head: z.object({ instanceType, diskSize: optional(integer(256, LARGEST_DISK), 512), haEnabled: flag() }),
    workers: optional(z.array(workerSchema).max(100), []),
  }),
  issueLetsEncrypt: flag(),
  attachPublicIP: flag(),
  backupRetentionPeriod: optional(integer(0, 3650), 0),
  managedUsers: flag(),
  tags: optional(clusterTags, []),
  ronDB: rondbSchema,
  autoscale: autoscaleSchema.nullish().transform((autoscale) => autoscale?.nonGpu),
  initScript: text(64 * 1024),
  runInitScriptFirst: flag(),
  os: optional(z.enum(['ubuntu', 'centos']), 'ubuntu'),
  deactivateLogReport: flag(),
  collectLogs: flag(),
  clusterDomainPrefix: text(),
  customHostedZone: text(),
  location: z.string().regex(/^[a-z0-9]{1,64}$/, 'must be the short name of a location, e.g. northeurope'),
  managedIdentity: resourceName,
  resourceGroup: resourceName,
  blobContainerName: optional(
    z.union([z.literal(''), z.string().regex(/^[a-z0-9](?:-?[a-z0-9]){2,62}$/, 'must be the name of a blob container')]),
    '',
  ),
  storageAccount: z.string().regex(/^[a-z0-9]{3,24}$/, 'must be the name of a storage account'),
  networkResourceGroup: resourceNameOrNone,
  virtualNetworkName: resourceNameOrNone,
  subnetName: resourceNameOrNone,
  securityGroupName: resourceNameOrNone,
  aksClusterName: resourceNameOrNone,
  acrRegistryName: resourceNameOrNone,
  searchDomain: optional(z.string().max(256), ''),
  containerConfiguration: optional(
    z.object({ encryption: optional(z.object({ mode: z.literal('None', 'must be None') }), { mode: 'None' }) }),
    {
      encryption: { mode: 'None' },
    },
  ),
})
export type AzureCluster = z.output<typeof azureClusterSchema>
export type RonDB = z.output<typeof rondbSchema>

/** The cloud decides how the rest is read: nothing of another cloud's body is judged by Azure's rules. */
export const createRequestSchema = z.object({
  cloudProvider: z
    .string('must be AZURE')
    .refine((cloud) => cloud === 'AZURE', 'must be AZURE: clusters on other clouds are not supported'),
  /** Beyond the contract: which connected subscription. */
  accountId: z
    .string()
    .max(64)
    .nullish()
    .transform((id) => id ?? undefined),
  cluster: azureClusterSchema,
})
export type CreateRequest = z.output<typeof createRequestSchema>
