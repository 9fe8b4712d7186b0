import { parseArmId } from '../azure/arm-id.ts'
import { type Granted, isGranted } from '../azure/granted.ts'
import type { Actions } from '../permissions/control-plane-role.ts'
import type { CheckName, Finding } from './finding.ts'

export interface Needed {
  readonly action: string
  readonly data: boolean
}

export const neededOf = ({ actions, dataActions }: Actions): readonly Needed[] => [
  ...actions.map((action) => ({ action, data: false })),
  ...dataActions.map((action) => ({ action, data: true })),
]

/** One finding for all that a principal lacks at a scope; none where it lacks nothing. */
export function missingFinding(
  check: CheckName,
  who: string,
  scope: string,
  needed: readonly Needed[],
  granted: Granted,
): readonly Finding[] {
  const actions = needed.flatMap(({ action, data }) => (isGranted(granted, action, data) ? [] : action))
  if (actions.length === 0) return []
  const role = check === 'identity' ? 'cluster-identity' : 'control-plane'
  return [
    {
      check,
      severity: 'error',
      message: `${who} lacks ${actions.length === 1 ? 'a permission' : `${actions.length} permissions`} on ${named(scope)}: ${actions.join(', ')}.`,
      remedy: `Add them to its role or assign the role there: GET /api/permissions/${role} gives the whole role and commands that make it, or update the one that is there, and assign it. A change takes up to 30 minutes to take effect.`,
      actions,
      scope,
    },
  ]
}

function named(scope: string): string {
  const [, subscription] = /^\/subscriptions\/([^/]+)$/i.exec(scope) ?? []
  if (subscription) return `the subscription ${subscription}`
  const { type, names } = parseArmId(scope)
  return type === 'Microsoft.Resources/resourceGroups' ? `the resource group ${names[0]}` : `${names.join('/')} (${type})`
}
