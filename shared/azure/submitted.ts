import type { OperationOptions } from '@azure/core-client'

/**
 * Sends the request that starts a long operation and returns when Azure has taken it, without looking how far it is.
 * The older generation of clients (arm-network) looks once before `begin…` returns; that look is called off.
 */
export async function submitted(begin: (options: OperationOptions) => Promise<unknown>): Promise<void> {
  const after = new AbortController()
  let taken = false
  const onResponse: OperationOptions['onResponse'] = (response, _flat, error) => {
    taken = error === undefined && response.status < 300
    if (taken) after.abort()
  }
  try {
    await begin({ onResponse, abortSignal: after.signal })
  } catch (error) {
    if (!taken) throw error
  }
}
