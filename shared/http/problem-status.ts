import type { ProblemCode } from '../problem.ts'

/**
 * HTTP status of each problem when it answers a request. 404 is kept for ids that do not exist: the public client takes it for success elsewhere.
 * What Azure will not do as things stand is 409: nothing is wrong with the request, and 403 would be read as a wrong key.
 */
export const problemStatus: Readonly<Record<ProblemCode, number>> = {
  invalid: 400,
  unauthenticated: 403,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  permission: 409,
  quota: 409,
  capacity: 409,
  cancelled: 409,
  'too-large': 413,
  'rate-limited': 429,
  unsupported: 501,
  throttled: 503,
  transient: 503,
  stuck: 500,
  unknown: 500,
}
