import type { Cluster } from '../../../shared/clusters/cluster.ts'
import type { Upgrade } from '../../../shared/upgrades/upgrade.ts'

/** What an upgrade from 3.8.0 to 3.9.0 begins with. */
export function draftedUpgrade({ request, nodes }: Cluster): Upgrade {
  return {
    from: '3.8.0',
    to: '3.9.0',
    phase: 'preparing',
    headId: 'new-head',
    recreateWorkers: true,
    rollbackOnFailure: false,
    before: { acrRegistryName: request.acrRegistryName, headId: nodes[0]?.id ?? '' },
  }
}
