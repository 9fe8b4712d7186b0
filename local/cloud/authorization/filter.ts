import { ArmError } from '../arm/arm-error.ts'

/** The `$filter` terms that Microsoft.Authorization knows, joined by `and`. */
export interface AssignmentFilter {
  /** `atScope()`: at the scope or above it, not below. */
  atScope: boolean
  principalId?: string
}

export function parseAssignmentFilter(filter: string | null): AssignmentFilter {
  const parsed: AssignmentFilter = { atScope: false }
  for (const term of (filter ?? '').split(/\s+and\s+/i)) {
    if (term.trim() === '') continue
    if (/^atScope\(\)$/i.test(term.trim())) {
      parsed.atScope = true
      continue
    }
    const principal = /^(?:principalId\s+eq\s+'([^']*)'|assignedTo\('([^']*)'\))$/i.exec(term.trim())
    if (!principal) throw unsupported(filter ?? '')
    parsed.principalId = principal[1] ?? principal[2] ?? ''
  }
  return parsed
}

export interface RoleFilter {
  roleName?: string
  type?: string
}

export function parseRoleFilter(filter: string | null): RoleFilter {
  const parsed: RoleFilter = {}
  for (const term of (filter ?? '').split(/\s+and\s+/i)) {
    if (term.trim() === '' || /^atScope(AndBelow)?\(\)$/i.test(term.trim())) continue
    const equal = /^(roleName|type)\s+eq\s+'((?:[^']|'')*)'$/i.exec(term.trim())
    if (!equal) throw unsupported(filter ?? '')
    const value = (equal[2] ?? '').replaceAll("''", "'")
    if (equal[1]?.toLowerCase() === 'type') parsed.type = value
    else parsed.roleName = value
  }
  return parsed
}

function unsupported(filter: string): ArmError {
  return new ArmError(400, 'UnsupportedFilter', `The filter '${filter.slice(0, 500)}' is not supported.`)
}
