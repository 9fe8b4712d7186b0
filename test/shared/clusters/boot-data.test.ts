import { bootDataFor } from '../../../shared/clusters/boot-data.ts'
import { putVersion, versionOf } from '../../../shared/versions/catalogue.ts'
import { testServices } from '../../services.ts'
import { draftedCluster } from './drafts.ts'

const services = testServices()
const cluster = draftedCluster()

/** /etc/slipway/agent.json of the cluster's head. */
async function headConfig() {
  const [head] = cluster.nodes
  if (!head) throw new Error('no head')
  const data = Buffer.from(await bootDataFor(services, cluster, head), 'base64').toString()
  const { write_files: files } = JSON.parse(data.slice(data.indexOf('\n'))) as { write_files: { path: string; content: string }[] }
  return JSON.parse(files.find(({ path }) => path.endsWith('agent.json'))?.content ?? '{}')
}

test("an agent gets the commands of the version's entry for the load and for taking workers out of service, where there are any", async () => {
  expect(await headConfig()).not.toMatchObject({ load: expect.anything() })
  const entry = await versionOf(services, cluster.request.version)
  await putVersion(services, { ...entry, load: ['yarn-load'], decommission: ['yarn-decommission', '--graceful'] })
  expect(await headConfig()).toMatchObject({ load: ['yarn-load'], decommission: ['yarn-decommission', '--graceful'] })
})
