import { createPipelineRequest } from '@azure/core-rest-pipeline'
import * as z from 'zod'
import type { Problem } from '../problem.ts'
import { classifyFailure } from './classify.ts'
import type { AzureClients } from './clients.ts'

const statusSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) })

/**
 * Why an operation failed, as Azure tells at its URL; undefined where it tells nothing (any more).
 * The resource itself says no more than `Failed`.
 */
export async function operationError({ network }: AzureClients, url: string): Promise<Problem | undefined> {
  // The token goes along: to Azure and nobody else.
  if (new URL(url).hostname !== 'management.azure.com') return undefined
  const response = await network.sendRequest(createPipelineRequest({ url }))
  const { data } = statusSchema.safeParse(parsed(response.bodyAsText))
  return data && classifyFailure({ status: 409, ...data.error })
}

function parsed(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}
