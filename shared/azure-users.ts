import { choiceUsers } from './accounts/choices.ts'
import { sshKeyUser } from './accounts/setup/ssh-key.ts'
import type { AzureUser, FeatureUser } from './permissions/control-plane-role.ts'
import { preflightChecks } from './preflight/checks.ts'
import { registryUsers } from './registries/azure-users.ts'
import { stepKinds } from './step-kinds.ts'

/** Everything of the app that asks Azure: its roles are computed from these. */
export const azureUsers: readonly (AzureUser | FeatureUser)[] = [
  ...stepKinds.values(),
  ...preflightChecks,
  ...choiceUsers,
  sshKeyUser,
  ...registryUsers,
]
