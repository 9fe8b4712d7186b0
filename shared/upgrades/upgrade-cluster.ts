import type { Cluster } from '../clusters/cluster.ts'
import { imageOf } from '../clusters/cluster-image.ts'
import { needsRegistry } from '../clusters/create-rules.ts'
import type { TimedMutation } from '../clusters/mutate-cluster.ts'
import { isHead } from '../clusters/node.ts'
import { invalid } from '../problem.ts'
import type { Services } from '../services.ts'
import { offeredVersions } from '../versions/catalogue.ts'
import { compareVersions } from '../versions/order.ts'
import { planRollback } from './plan-rollback.ts'
import { planUpgrade } from './plan-upgrade.ts'
import type { Upgrade } from './upgrade.ts'
import type { UpgradeRequest } from './upgrade-request.ts'

/** `newNodeId`: of the new head. */
export const upgradeCluster = (asked: UpgradeRequest, newNodeId: () => string): TimedMutation => ({
  name: 'upgrade',
  costs: true,
  async draft(step, cluster, services) {
    const { request } = cluster
    const entry = await reachable(services, cluster, asked.version)
    const image = imageOf(cluster, entry)
    const acrRegistryName = registryFor(cluster, asked)
    const upgrade: Upgrade = {
      from: request.version,
      to: asked.version,
      phase: 'preparing',
      headId: newNodeId(),
      recreateWorkers: asked.recreateWorkers,
      rollbackOnFailure: asked.rollbackOnFailure,
      before: { acrRegistryName: request.acrRegistryName, headId: cluster.nodes.find(isHead)?.id ?? '' },
    }
    const plan = planUpgrade(step, cluster, { upgrade, gates: Object.keys(entry.health), image, registry: acrRegistryName })
    // The version is the new one from now on: by that Terraform knows after a failure what to roll back (contract §2.6).
    return { plan, changes: { upgrade, request: { ...request, version: asked.version, acrRegistryName } } }
  },
})

export const rollbackUpgrade: TimedMutation = {
  name: 'rollback',
  draft(step, cluster) {
    const { upgrade } = cluster
    return { plan: upgrade ? planRollback(step, cluster, upgrade) : invalid('clusterId', 'there is no upgrade to roll back') }
  },
}

async function reachable(services: Services, { request }: Cluster, version: string) {
  const offered = await offeredVersions(services)
  const next = offered.filter(({ upgradableFromVersion }) => upgradableFromVersion === request.version)
  const entry = next.find((one) => one.version === version)
  if (entry) return entry
  const reason =
    compareVersions(version, request.version) <= 0 ? `is not newer than ${request.version}` : `cannot be reached from ${request.version}`
  return invalid(
    'version',
    `${version} ${reason}; ${next.length > 0 ? `there is ${next.map((one) => one.version).join(', ')}` : 'no version can'}`,
  )
}

function registryFor({ request: { version, acrRegistryName } }: Cluster, asked: UpgradeRequest): string {
  const { dockerRegistryAccount } = asked
  if (acrRegistryName !== '' && dockerRegistryAccount !== '' && acrRegistryName !== dockerRegistryAccount)
    invalid('dockerRegistryAccount', 'You cannot change the acr_registry_name after cluster creation')
  const name = acrRegistryName || dockerRegistryAccount
  if (name === '' && needsRegistry(asked.version))
    invalid(
      'dockerRegistryAccount',
      `To upgrade from ${version} to ${asked.version}, you need to create an acr registry and configure it by setting attribute acr_registry_name`,
    )
  return name
}
