import * as z from 'zod'
import { ProblemError } from '../problem.ts'
import { unlessAbsent } from './absent.ts'
import { nameOf } from './arm-id.ts'
import { readFailure } from './failure.ts'
import type { KeptKind, KeptModel } from './kept-kind.ts'
import { observe } from './observe.ts'
import { submitted } from './submitted.ts'

const API_VERSION = '2023-07-01'
const shown = z.object({ provisioningState: z.string().default('Succeeded') })

/** Days after which Azure itself removes manifests that have lost their tag; only Premium registries do. */
export const UNTAGGED_DAYS = 7

/** Through the client for any resource: the package of all registry operations would be there for this alone. */
export const containerRegistry: KeptKind<KeptModel> = {
  name: 'registry',
  type: 'Microsoft.ContainerRegistry/registries',
  noun: 'container registry',
  permissions: ['Microsoft.ContainerRegistry/registries/read', 'Microsoft.ContainerRegistry/registries/write'],
  seconds: 15,
  async put({ resources }, id, { location }, tags) {
    const model = {
      location,
      tags,
      sku: { name: 'Premium' },
      properties: { adminUserEnabled: false, policies: { retentionPolicy: { days: UNTAGGED_DAYS, status: 'enabled' } } },
    }
    const put = submitted((options) => resources.resources.beginCreateOrUpdateById(id, API_VERSION, model, options))
    return put.catch((error: unknown) => refused(error, id))
  },
  async get({ resources }, id) {
    const found = await unlessAbsent(resources.resources.getById(id, API_VERSION))
    return observe(found && { ...shown.parse(found.properties ?? {}), tags: found.tags ?? {} })
  },
}

/** Names of registries are unique in all of Azure; its code for a name that is taken sounds like something that passes. */
function refused(error: unknown, id: string): never {
  if (readFailure(error)?.code !== 'AlreadyInUse') throw error
  throw new ProblemError({
    code: 'conflict',
    message: `The name ${nameOf(id)} is taken by another container registry.`,
    remedy: `Choose another one: az acr check-name --name ${nameOf(id)}`,
    resource: id,
    retryable: false,
  })
}
