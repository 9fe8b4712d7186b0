import { createPipelineRequest, type PipelineResponse, RestError } from '@azure/core-rest-pipeline'
import * as z from 'zod'
import { sameArmId } from '../azure/arm-id.ts'
import { rethrow } from '../azure/azure-step.ts'
import type { AzureClients } from '../azure/clients.ts'

const API_VERSION = '2023-07-01'
const ENDPOINT = 'https://management.azure.com'

export const registryArmIdPattern =
  /^\/subscriptions\/[0-9a-f-]{36}\/resourceGroups\/[\w.()-]{1,90}\/providers\/Microsoft\.ContainerRegistry\/registries\/[a-z0-9]{5,50}$/i

const untaggedPolicy = z.object({ days: z.number().optional(), status: z.string().optional() })
/** Only what is used; ARM may add what it likes. */
const shown = z.object({
  id: z.string(),
  name: z.string(),
  tags: z.record(z.string(), z.string()).nullish(),
  sku: z.object({ name: z.enum(['Basic', 'Standard', 'Premium']) }),
  properties: z.object({
    loginServer: z.string(),
    provisioningState: z.string().optional(),
    policies: z
      .object({
        retentionPolicy: untaggedPolicy.optional(),
        softDeletePolicy: z.object({ retentionDays: z.number().optional(), status: z.string().optional() }).optional(),
      })
      .optional(),
  }),
})
export type ArmRegistry = z.output<typeof shown>

const usages = z.object({
  value: z.array(z.object({ name: z.string(), currentValue: z.number(), limit: z.number().optional(), unit: z.string().optional() })),
})

/** Undefined: there is no such registry. */
export async function getArmRegistry(clients: AzureClients, armId: string): Promise<ArmRegistry | undefined> {
  const response = await call(clients, 'GET', armId)
  return response && shown.parse(json(response))
}

/** Bytes used and included. */
export async function getStorageUsage(clients: AzureClients, armId: string): Promise<{ used: number; included?: number } | undefined> {
  const response = await call(clients, 'GET', `${armId}/listUsages`)
  if (!response) return undefined
  const size = usages.parse(json(response)).value.find(({ name }) => name === 'Size')
  return size && { used: size.currentValue, ...(size.limit !== undefined && { included: size.limit }) }
}

export interface BuiltInPolicy {
  readonly days: number
  readonly status: 'enabled' | 'disabled'
}

/** Sets the registry's own policy for untagged manifests, which Premium registries have. Azure takes a moment to carry it out. False: no such registry. */
export async function setBuiltInPolicy(clients: AzureClients, armId: string, { days, status }: BuiltInPolicy): Promise<boolean> {
  return (await call(clients, 'PATCH', armId, { properties: { policies: { retentionPolicy: { days, status } } } })) !== undefined
}

/**
 * Three calls in plain REST through the pipeline of an official client (its sign-in, its errors): the package of all registry operations
 * is as large as the rest of the feature. Throws ProblemError.
 */
async function call(clients: AzureClients, method: 'GET' | 'PATCH', path: string, body?: object): Promise<PipelineResponse | undefined> {
  const request = createPipelineRequest({ url: `${ENDPOINT}${path}?api-version=${API_VERSION}`, method })
  if (body) {
    request.headers.set('Content-Type', 'application/json')
    request.body = JSON.stringify(body)
  }
  const response = await clients.resources.sendRequest(request).catch(rethrow)
  if (response.status === 404) return undefined
  if (response.status < 300) return response
  return rethrow(new RestError(`ARM answered ${response.status}.`, { statusCode: response.status, request, response }))
}

const json = ({ bodyAsText }: PipelineResponse): unknown => JSON.parse(bodyAsText ?? 'null')

export const isSameRegistry = (a: string | undefined, b: string): boolean => a !== undefined && sameArmId(a, b)
