import { readable } from '../../azure/classify.ts'
import { type Problem, ProblemError } from '../../problem.ts'
import type { RegistryResponse } from './connection.ts'

/** The registry's own words for a refusal: `{"errors":[{"code","message"}]}`. */
export function refusal({ status, body }: Pick<RegistryResponse, 'status' | 'body'>, what: string): ProblemError {
  const { code, message } = firstError(body)
  const base = {
    message: readable(`The registry refused to ${what}: ${message ?? `status ${status}`}`),
    ...(code !== undefined && { azureCode: code }),
  }
  return new ProblemError({ ...base, ...meaning(status) })
}

function meaning(status: number): Pick<Problem, 'code' | 'retryable' | 'remedy'> {
  if (status === 401 || status === 403) return { code: 'permission', retryable: false, remedy: ROLES }
  if (status === 404) return { code: 'not-found', retryable: false }
  if (status === 405) return { code: 'conflict', retryable: false }
  if (status === 408 || status >= 500) return { code: 'transient', retryable: true }
  return { code: status >= 400 ? 'invalid' : 'unknown', retryable: false }
}

const ROLES =
  'az role assignment create --assignee <identity of the app> --scope <id of the registry> --role AcrPull, and again with --role AcrDelete. ' +
  'A registry with permissions by repository needs "Container Registry Repository Contributor" and "Container Registry Repository Catalog Lister". ' +
  'Where the roles are there, see whether the firewall of the registry lets the app in.'

function firstError(body: Buffer): { readonly code?: string; readonly message?: string } {
  try {
    const parsed = JSON.parse(body.toString()) as { errors?: readonly { code?: unknown; message?: unknown }[] }
    const [first] = Array.isArray(parsed?.errors) ? parsed.errors : []
    return {
      ...(typeof first?.code === 'string' && { code: first.code.slice(0, 100) }),
      ...(typeof first?.message === 'string' && { message: first.message.slice(0, 500) }),
    }
  } catch {
    return {}
  }
}
