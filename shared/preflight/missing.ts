import { parseArmId } from '../azure/arm-id.ts'
import type { CheckName, Finding } from './finding.ts'

export interface Needed {
  readonly action: string
  readonly data: boolean
}

/** One finding for all that a principal lacks at a scope; none where it lacks nothing. */
export function missingFinding(check: CheckName, who: string, scope: string, missing: readonly Needed[]): readonly Finding[] {
  if (missing.length === 0) return []
  const actions = missing.map(({ action }) => action)
  const role = check === 'identity' ? 'cluster-identity' : 'control-plane'
  return [
    {
      check,
      severity: 'error',
      message: `${who} lacks ${actions.length === 1 ? 'a permission' : `${actions.length} permissions`} on ${named(scope)}: ${actions.join(', ')}.`,
      remedy: `Add them to its role (GET /api/permissions/${role} gives the whole role and its commands) or assign the role there. A change takes up to 30 minutes to take effect.`,
      actions,
      scope,
    },
  ]
}

function named(scope: string): string {
  const { type, names } = parseArmId(scope)
  return type === 'Microsoft.Resources/resourceGroups' ? `the resource group ${names[0]}` : `${names.join('/')} (${type})`
}
