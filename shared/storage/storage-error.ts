import { isRestError } from '@azure/core-rest-pipeline'
import { ProblemError } from '../problem.ts'

/** HTTP status of an answer of the storage service; undefined when there was none. */
export const statusOf = (error: unknown): number | undefined => (isRestError(error) ? error.statusCode : undefined)

/** What the storage SDK threw, in our words. What is neither an outage nor a refusal is a bug and stays as it is. */
export function storageError(error: unknown): unknown {
  if (!isRestError(error)) return error
  const status = error.statusCode
  if (status === undefined || status === 408 || status === 429 || status >= 500) {
    return new ProblemError({
      code: 'transient',
      message: 'The storage account does not answer at the moment.',
      retryable: true,
      retryAfter: 5,
    })
  }
  if (status === 401 || status === 403) {
    return new ProblemError({
      code: 'permission',
      message: 'The storage account refuses the app.',
      remedy:
        'Check AzureWebJobsStorage, or give the identity of the app Storage Table Data Contributor and Storage Blob Data Contributor.',
      retryable: false,
    })
  }
  return error
}
