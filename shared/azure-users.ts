import { choiceUsers } from './accounts/choices.ts'
import type { AzureUser, FeatureUser } from './permissions/control-plane-role.ts'
import { preflightChecks } from './preflight/checks.ts'
import { stepKinds } from './step-kinds.ts'

/** Everything of the app that asks Azure: its roles are computed from these. */
export const azureUsers: readonly (AzureUser | FeatureUser)[] = [...stepKinds.values(), ...preflightChecks, ...choiceUsers]
