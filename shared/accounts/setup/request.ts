import * as z from 'zod'
import { featureNames } from '../../permissions/features.ts'

const features = z.array(z.enum(featureNames)).max(featureNames.length)

export const providersRequest = z.strictObject({
  features: features.exactOptional().describe('Those that are to work; all but setup unless told'),
})
export type ProvidersRequest = z.output<typeof providersRequest>

export const resourceGroupName = z.string().regex(/^[\w.()-]{1,90}$/, 'must be the name of a resource group')
export const locationName = z.string().regex(/^[a-z0-9]{1,64}$/, "must be a location's name, e.g. northeurope")

export const setupRequest = z.strictObject({
  resourceGroup: resourceGroupName.describe('Is there already'),
  location: locationName.exactOptional().describe("The resource group's unless told"),
  storageAccount: z.string().regex(/^[a-z0-9]{3,24}$/, 'must be 3 to 24 lower-case letters and digits; unique in all of Azure'),
  identity: z.string().regex(/^[A-Za-z0-9][\w-]{2,127}$/, 'must be 3 to 128 letters, digits, - and _, the first a letter or digit'),
  registry: z
    .string()
    .regex(/^[a-zA-Z0-9]{5,50}$/, 'must be 5 to 50 letters and digits; unique in all of Azure')
    .exactOptional()
    .describe('A Premium container registry that removes untagged manifests after 7 days; none unless named'),
  features: features
    .exactOptional()
    .describe("What clusters will use, for the identity's role; backup unless told, and acr where a registry is named"),
})
export type SetupRequest = z.output<typeof setupRequest>
