import { z } from 'zod'
import { ArmError } from '../arm/arm-error.ts'
import { parseBody } from '../arm/request-body.ts'
import type { Provider, ResourceType } from '../provider.ts'

const TYPE = 'Microsoft.ContainerRegistry/registries'
const apiVersions = [
  '2025-11-01',
  '2025-04-01',
  '2023-07-01',
  '2023-01-01-preview',
  '2022-12-01',
  '2022-02-01-preview',
  '2021-08-01-preview',
  '2019-05-01',
]

const bodySchema = z.object({
  sku: z.object({ name: z.enum(['Basic', 'Standard', 'Premium']) }),
  properties: z.object({ adminUserEnabled: z.boolean().default(false) }).default({ adminUserEnabled: false }),
})

/** The record of a registry; what is in it is another matter. */
const registries: ResourceType = {
  type: 'registries',
  apiVersions,
  tracked: true,
  namePattern: /^[a-zA-Z0-9]{5,50}$/,
  write(call, existing) {
    const { sku, properties } = parseBody(bodySchema, call)
    const { name } = call.id
    const namesake = call.azure.resources.ofType(TYPE).find((other) => other.name.toLowerCase() === name.toLowerCase())
    if (!existing && namesake)
      throw new ArmError(409, 'AlreadyInUse', `The registry DNS name ${name.toLowerCase()}.azurecr.io is already in use.`)
    return {
      envelope: { sku: { name: sku.name, tier: sku.name } },
      properties: {
        loginServer: `${name.toLowerCase()}.azurecr.io`,
        creationDate: new Date(existing?.createdAt ?? call.azure.clock.now()).toISOString(),
        adminUserEnabled: properties.adminUserEnabled,
      },
      ...(!existing && { takes: 'containerRegistry.create' as const }),
    }
  },
  remove: () => ({}),
}

export const containerRegistryProvider: Provider = { namespace: 'Microsoft.ContainerRegistry', resourceTypes: [registries] }
