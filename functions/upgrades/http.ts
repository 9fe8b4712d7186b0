import { randomUUID } from 'node:crypto'
import type { Endpoint } from '../../shared/http/endpoint.ts'
import { rollbackUpgrade, upgradeCluster } from '../../shared/upgrades/upgrade-cluster.ts'
import { upgradeRequestSchema } from '../../shared/upgrades/upgrade-request.ts'
import { mutationEndpoint } from '../clusters/mutation-endpoint.ts'

export const upgradeEndpoints: readonly Endpoint[] = [
  mutationEndpoint(
    {
      name: 'clusters-upgrade',
      method: 'POST',
      route: 'clusters/{clusterId}/upgrade',
      summary: 'Upgrade a cluster to a newer version',
      request: upgradeRequestSchema,
    },
    ({ body }) => upgradeCluster(body, randomUUID),
  ),
  mutationEndpoint(
    {
      name: 'clusters-upgrade-rollback',
      method: 'PUT',
      route: 'clusters/{clusterId}/upgrade/rollback',
      summary: 'Bring the former head back after an upgrade that failed',
    },
    () => rollbackUpgrade,
  ),
]
