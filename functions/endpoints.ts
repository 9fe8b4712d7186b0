import type { Endpoint } from '../shared/http/endpoint.ts'
import { accountEndpoints } from './accounts/http.ts'
import { agentEndpoints } from './agents/http.ts'
import { autoscaleEndpoints } from './autoscale/http.ts'
import { backupEndpoints } from './backups/http.ts'
import { restoreEndpoints } from './backups/restore.ts'
import { clusterEndpoints } from './clusters/http.ts'
import { keyEndpoints } from './keys/http.ts'
import { kinds } from './kinds.ts'
import { nodeTypeEndpoints } from './node-types/http.ts'
import { notificationEndpoints } from './notifications/http.ts'
import { operationEndpoints } from './operations/http.ts'
import { permissionEndpoints } from './permissions/http.ts'
import { portEndpoints } from './ports/http.ts'
import { registryEndpoints } from './registries/http.ts'
import { retentionEndpoints } from './retention/http.ts'
import { upgradeEndpoints } from './upgrades/http.ts'
import { versionEndpoints } from './versions/http.ts'
import { workerEndpoints } from './workers/http.ts'

/** The endpoints of all features. A new feature adds its own here. */
export const featureEndpoints: readonly Endpoint[] = [
  ...keyEndpoints,
  ...clusterEndpoints,
  ...agentEndpoints,
  ...operationEndpoints(kinds),
  ...versionEndpoints,
  ...upgradeEndpoints,
  ...notificationEndpoints,
  ...accountEndpoints,
  ...permissionEndpoints,
  ...workerEndpoints,
  ...portEndpoints,
  ...nodeTypeEndpoints,
  ...registryEndpoints,
  ...retentionEndpoints,
  ...autoscaleEndpoints,
  ...backupEndpoints,
  ...restoreEndpoints,
]
