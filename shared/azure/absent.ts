import { isRestError } from '@azure/core-rest-pipeline'

/** What `look` finds, or undefined where Azure answers 404 for the resource. */
export async function unlessAbsent<T>(look: Promise<T>): Promise<T | undefined> {
  try {
    return await look
  } catch (error) {
    if (isRestError(error) && error.statusCode === 404) return undefined
    throw error
  }
}
