import { capacity } from './capacity.ts'
import { givenThings } from './given.ts'
import { identityPermissions } from './identity-permissions.ts'
import { addresses } from './network.ts'
import { ownPermissions } from './own-permissions.ts'
import { providers } from './providers.ts'
import type { PreflightCheck } from './site.ts'

/** All that is asked of Azure before a cluster is made. */
export const preflightChecks: readonly PreflightCheck[] = [givenThings, ownPermissions, identityPermissions, capacity, addresses, providers]
