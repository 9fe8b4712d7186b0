import { readable } from '../../azure/classify.ts'
import { type Problem, ProblemError } from '../../problem.ts'
import type { RegistryResponse } from './connection.ts'

/** The registry's own words for a refusal: `{"errors":[{"code","message"}]}`. `asked`: the right that it is about where it does not say. */
export function refusal({ status, body }: Pick<RegistryResponse, 'status' | 'body'>, what: string, asked?: Right): ProblemError {
  const { code, message = `status ${status}`, right = asked } = firstError(body)
  const [action, dataAction] = isDenied(status) && right ? ACTIONS[right] : []
  const needed = action ? ` (It takes ${action}, or where permissions are those of repositories the data action ${dataAction}.)` : ''
  return new ProblemError({
    ...meaning(status),
    message: readable(`The registry refused to ${what}: ${message}${needed}`),
    ...(code !== undefined && { azureCode: code }),
    ...(action && { action }),
  })
}

const isDenied = (status: number): boolean => status === 401 || status === 403

export type Right = keyof typeof ACTIONS

const REGISTRIES = 'Microsoft.ContainerRegistry/registries'

/** What the rights in a refusal take: an action, or a data action where permissions are those of repositories. */
const ACTIONS = {
  catalog: [`${REGISTRIES}/pull/read`, `${REGISTRIES}/catalog/read`],
  pull: [`${REGISTRIES}/pull/read`, `${REGISTRIES}/repositories/content/read`],
  metadata_read: [`${REGISTRIES}/pull/read`, `${REGISTRIES}/repositories/metadata/read`],
  delete: [`${REGISTRIES}/artifacts/delete`, `${REGISTRIES}/repositories/content/delete`],
} as const

function meaning(status: number): Pick<Problem, 'code' | 'retryable' | 'remedy'> {
  if (isDenied(status)) return { code: 'permission', retryable: false, remedy: ROLES }
  if (status === 404) return { code: 'not-found', retryable: false }
  if (status === 405) return { code: 'conflict', retryable: false }
  if (status === 408 || status >= 500) return { code: 'transient', retryable: true }
  return { code: status >= 400 ? 'invalid' : 'unknown', retryable: false }
}

const ROLES =
  'az role assignment create --assignee <identity of the app> --scope <id of the registry> --role AcrPull, and again with --role AcrDelete. ' +
  'A registry with permissions by repository needs "Container Registry Repository Contributor" and "Container Registry Repository Catalog Lister". ' +
  'Where the roles are there, see whether the firewall of the registry lets the app in.'

function firstError(body: Buffer): { readonly code?: string; readonly message?: string; readonly right?: Right } {
  try {
    const parsed = JSON.parse(body.toString()) as { errors?: readonly { code?: unknown; message?: unknown; detail?: unknown }[] }
    const [first] = Array.isArray(parsed?.errors) ? parsed.errors : []
    const right = rightIn(first?.detail)
    return {
      ...(typeof first?.code === 'string' && { code: first.code.slice(0, 100) }),
      ...(typeof first?.message === 'string' && { message: first.message.slice(0, 500) }),
      ...(right !== undefined && { right }),
    }
  } catch {
    return {}
  }
}

/** `[{"Type":"repository","Name":"app","Action":"delete"}]`: the first right of those asked for that can be told. */
function rightIn(detail: unknown): Right | undefined {
  const [first] = Array.isArray(detail) ? (detail as readonly { Name?: unknown; Action?: unknown }[]) : []
  if (first?.Name === 'catalog') return 'catalog'
  const asked = String(first?.Action ?? '').split(',')
  return (Object.keys(ACTIONS) as Right[]).find((right) => asked.includes(right))
}
