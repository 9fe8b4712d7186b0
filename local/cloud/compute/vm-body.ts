import { z } from 'zod'
import { region } from './region.ts'

/** The members of a virtual machine that the simulator looks at; all others are stored and answered as sent. */

const subResource = z.object({ id: z.string() })
const deleteOption = z.enum(['Delete', 'Detach']).optional()

const managedDisk = z.object({ id: z.string().optional(), storageAccountType: z.string().optional() })

const diskSizeGB = z.number().int().positive().max(32_767).nullish()

const osDisk = z.object({
  name: z.string().max(80).nullish(),
  createOption: z.enum(['FromImage', 'Attach', 'Empty', 'Copy', 'Restore']),
  osType: z.enum(['Linux', 'Windows']).optional(),
  diskSizeGB,
  managedDisk: managedDisk.nullish(),
  deleteOption,
})

const dataDisk = z.object({
  lun: z.number().int().min(0).max(63),
  name: z.string().max(80).nullish(),
  createOption: z.enum(['FromImage', 'Attach', 'Empty', 'Copy', 'Restore']),
  diskSizeGB,
  managedDisk: managedDisk.nullish(),
  deleteOption,
  toBeDetached: z.boolean().optional(),
})

const imageReference = z.object({
  id: z.string().optional(),
  publisher: z.string().optional(),
  offer: z.string().optional(),
  sku: z.string().optional(),
  version: z.string().optional(),
})

const osProfile = z.object({
  computerName: z.string().optional(),
  adminUsername: z.string().optional(),
  adminPassword: z.string().nullish(),
  customData: z.string().nullish(),
  linuxConfiguration: z
    .object({
      disablePasswordAuthentication: z.boolean().nullish(),
      ssh: z.object({ publicKeys: z.array(z.object({ path: z.string().optional(), keyData: z.string().optional() })).nullish() }).nullish(),
    })
    .nullish(),
})

export const vmBody = z.object({
  location: region,
  zones: z.array(z.string()).max(1).nullish(),
  identity: z
    .object({
      type: z.string(),
      userAssignedIdentities: z.record(z.string(), z.looseObject({}).nullable()).nullish(),
    })
    .nullish(),
  properties: z.object({
    hardwareProfile: z.object({ vmSize: z.string().optional() }).nullish(),
    storageProfile: z
      .object({ imageReference: imageReference.nullish(), osDisk: osDisk.nullish(), dataDisks: z.array(dataDisk).max(64).nullish() })
      .nullish(),
    osProfile: osProfile.nullish(),
    networkProfile: z
      .object({
        networkInterfaces: z
          .array(subResource.extend({ properties: z.object({ primary: z.boolean().nullish(), deleteOption }).nullish() }))
          .nullish(),
      })
      .nullish(),
    priority: z.enum(['Regular', 'Low', 'Spot']).optional(),
    evictionPolicy: z.enum(['Deallocate', 'Delete']).optional(),
    billingProfile: z.object({ maxPrice: z.number().optional() }).nullish(),
  }),
})

export type VmBody = z.infer<typeof vmBody>
export type OsProfile = z.infer<typeof osProfile>
export type OsDisk = z.infer<typeof osDisk>
export type DataDisk = z.infer<typeof dataDisk>
export type ImageReference = z.infer<typeof imageReference>
