import type { PipelineResponse } from '@azure/core-rest-pipeline'

/** What both generations of clients take. */
export interface SubmitOptions {
  readonly onResponse: (response: PipelineResponse, flat?: unknown, error?: unknown) => void
  readonly abortSignal: AbortSignal
}

/** Where Azure tells how an operation that it has taken ends; absent where it needed none. */
export type OperationUrl = string | undefined

/**
 * Sends the request that starts a long operation and returns when Azure has taken it, without looking how far it is.
 * The older generation of clients (arm-network) looks once before `begin…` returns; that look is called off.
 */
export async function submitted(begin: (options: SubmitOptions) => Promise<unknown>): Promise<OperationUrl> {
  const after = new AbortController()
  let taken: PipelineResponse | undefined
  const onResponse = (response: PipelineResponse) => {
    if (response.status >= 300) return
    taken = response
    after.abort()
  }
  try {
    await begin({ onResponse, abortSignal: after.signal })
  } catch (error) {
    if (!taken) throw error
  }
  return taken?.headers.get('azure-asyncoperation') ?? taken?.headers.get('location')
}
