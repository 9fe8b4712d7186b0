import { getCluster, insertCluster, updateCluster } from '../../../shared/clusters/cluster-store.ts'
import { checkVersions } from '../../../shared/notifications/check-versions.ts'
import { rolledBack } from '../../../shared/upgrades/generation.ts'
import { testServices } from '../../services.ts'
import { draftedCluster } from '../clusters/drafts.ts'
import { draftedUpgrade } from '../upgrades/drafts.ts'

const services = testServices()

test('a cluster that is rolled back is told of the newer version as before, though a check came in between', async () => {
  const old = { ...draftedCluster({ version: '3.8.0' }), state: 'running' } as const
  const news = async () => (await getCluster(services, old.id)).newerVersion
  await insertCluster(services, old)
  await checkVersions(services)
  const told = { from: '3.8.0', version: '3.9.0', releaseNotesUrl: expect.any(String) }
  expect(await news()).toEqual(told)

  const upgrade = draftedUpgrade(old)
  await updateCluster(services, old.id, (cluster) => ({
    ...cluster,
    state: 'error',
    upgrade,
    request: { ...cluster.request, version: upgrade.to },
  }))
  await checkVersions(services)
  await updateCluster(services, old.id, (cluster) => ({ ...rolledBack(cluster), state: 'stopped' }))
  expect(await news()).toEqual(told)
})
