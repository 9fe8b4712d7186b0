import { createPipelineRequest, RestError } from '@azure/core-rest-pipeline'
import * as z from 'zod'
import type { AzureClients } from './clients.ts'

const listSchema = z.object({
  value: z.array(
    z.object({
      name: z.string(),
      displayName: z.string().default(''),
      metadata: z.object({ regionType: z.string().optional() }).optional(),
    }),
  ),
})

/** [learn: rest/api/resources/subscriptions/list-locations] */
const API_VERSION = '2022-12-01'

export interface AzureLocation {
  readonly name: string
  readonly title: string
}

/** Where the subscription can have resources. None of the app's SDK clients asks for it. */
export async function locationsOf({ network, subscriptionId }: AzureClients): Promise<readonly AzureLocation[]> {
  const url = `https://management.azure.com/subscriptions/${subscriptionId}/locations?api-version=${API_VERSION}`
  const request = createPipelineRequest({ url })
  const response = await network.sendRequest(request)
  if (response.status !== 200) {
    const message = `Azure answered ${response.status} for the locations.`
    throw new RestError(message, { statusCode: response.status, request, response })
  }
  const { value } = listSchema.parse(JSON.parse(response.bodyAsText ?? ''))
  return value
    .filter(({ metadata }) => metadata?.regionType !== 'Logical')
    .map(({ name, displayName }) => ({ name, title: displayName || name }))
}
