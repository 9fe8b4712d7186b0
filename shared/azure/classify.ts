import { type Problem, ProblemError } from '../problem.ts'
import { type AzureFailure, readFailure } from './failure.ts'
import { parsePermissionDenied, permissionRemedy } from './permission-denied.ts'

/** Longest sentence of Azure's that is passed on. */
const LONGEST_MESSAGE = 1500

const busy =
  /InProgress|InUse|Busy|Reserved|Retryable|CannotBeDeleted|BeingDeleted$|NotProvisioned|^OperationNotAllowed$|^OperationPreempted$|^Conflict$|Concurrent/
const capacity = /^(SkuNotAvailable|AllocationFailed|AllocationTimeout|(Zonal|Overconstrained\w*)Allocation\w*)$/
const quota = /(Quota|Limit)(Exceeded|Reached)|^(QuotaExceeded|ResourceQuotaExceeded)$/
const missing = /NotFound$|^InvalidResourceReference$/
const connection = /^(E[A-Z_]+|UND_ERR_\w+|REQUEST_SEND_ERROR|PARSE_ERROR|AbortError|SignInUnavailable)$/

/** What an error means for the one who has to act. Bugs are `unknown` and keep their text to themselves. */
export function classify(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem
  const failure = readFailure(error)
  if (failure) return classifyFailure(failure)
  return { code: 'unknown', message: 'Something unexpected went wrong. The log of the app has the details.', retryable: false }
}

/** The whole table: first match wins. */
export function classifyFailure(failure: AzureFailure): Problem {
  const { status, code = '', retryAfter } = failure
  const base = {
    message: readable(failure.message),
    ...(failure.code && { azureCode: failure.code }),
    ...(failure.resource && { resource: failure.resource }),
  }
  const later = retryAfter === undefined ? {} : { retryAfter }

  if (status === 429) return { ...base, ...later, code: 'throttled', retryable: true }
  if (quota.test(code) || (code === 'OperationNotAllowed' && /quota/i.test(failure.message)))
    return { ...base, code: 'quota', remedy: quotaRemedy(failure), retryable: false }
  if (capacity.test(code)) return { ...base, code: 'capacity', remedy: CAPACITY_REMEDY, retryable: true }
  if (code === 'SignInFailed') return { ...base, code: 'permission', remedy: SIGN_IN_REMEDY, retryable: false }
  if (status === 401 || status === 403) return permission(base, failure)
  if (/^MissingSubscriptionRegistration$|^MissingRegistration/.test(code))
    return { ...base, code: 'invalid', remedy: registrationRemedy(failure), retryable: false }
  if (status === undefined ? connection.test(code) || code === '' : status >= 500 || status === 408)
    return { ...base, ...later, code: 'transient', retryable: true }
  if (status === 409 || status === 412) return { ...base, ...later, code: 'conflict', retryable: status === 412 || busy.test(code) }
  if (busy.test(code)) return { ...base, ...later, code: 'conflict', retryable: true }
  if (status === 404 || missing.test(code)) return { ...base, code: 'not-found', retryable: false }
  if (status !== undefined && status >= 400) return { ...base, code: 'invalid', retryable: false }
  return { ...base, code: 'unknown', retryable: false }
}

function permission(base: Omit<Problem, 'code' | 'retryable'>, failure: AzureFailure): Problem {
  const denied = parsePermissionDenied(failure.message)
  const { action, scope } = denied
  return {
    ...base,
    code: 'permission',
    remedy: permissionRemedy({ ...(failure.resource && { scope: failure.resource }), ...denied }),
    ...(action && { action }),
    ...(scope && { scope }),
    retryable: false,
  }
}

const CAPACITY_REMEDY = 'Choose another instance type or location, or retry later: az vm list-skus --location <location> --output table'

const SIGN_IN_REMEDY =
  'Check the tenant, the client id and the secret of the connected account; a secret expires: az ad app credential reset --id <client id>'

function quotaRemedy({ message }: AzureFailure): string {
  const link = /https:\/\/[^\s'"]+/.exec(message)?.[0]
  const ask = link ? `Ask for more at ${readable(link)}` : 'Ask for more in the portal under Quotas'
  return `${ask}, or remove what is not needed (az vm list-usage --location <location> --output table), then retry.`
}

function registrationRemedy({ message }: AzureFailure): string {
  const namespace = /namespace '([\w.]+)'/.exec(message)?.[1] ?? '<namespace>'
  return `az provider register --namespace ${namespace} --wait, then retry.`
}

/** The public Terraform provider takes messages for format strings: a percent sign would be mangled. */
export const readable = (text: string): string => text.replaceAll(/\s*%/g, ' percent').slice(0, LONGEST_MESSAGE)
