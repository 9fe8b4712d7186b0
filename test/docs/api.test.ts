import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { apiPage, type OpenApi } from '../../scripts/api-docs/page.ts'
import { type ClusterWorld, clusterWorld } from '../cluster-world.ts'
import { adminExamples } from './api/admin-examples.ts'
import { backupExamples } from './api/backup-examples.ts'
import { clusterExamples } from './api/cluster-examples.ts'
import { type Guide, guideTo } from './api/guide.ts'
import { registryExamples } from './api/registry-examples.ts'
import { notificationExamples, upgradeExamples } from './api/upgrade-examples.ts'
import { workerExamples } from './api/worker-examples.ts'

const PAGE = path.resolve(__dirname, '../../docs/api.md')

let world: ClusterWorld
let openApi: OpenApi
const guides: Guide[] = []

beforeAll(async () => {
  world = await clusterWorld()
  const text = await (await fetch(`${world.host.url}/api/openapi.json`)).text()
  openApi = JSON.parse(text)
  const run = async (examples: (guide: Guide) => Promise<void>) => {
    const guide = guideTo(world, text)
    guides.push(guide)
    await examples(guide)
  }
  await run(adminExamples)
  // Each has a cluster of its own, and waits for it most of the time.
  const ran = await Promise.allSettled([clusterExamples, workerExamples, upgradeExamples, backupExamples, registryExamples].map(run))
  const broken = ran.flatMap((one) => (one.status === 'rejected' ? one.reason : []))
  if (broken.length > 0) throw new AggregateError(broken, broken.join('\n'))
  await run(notificationExamples)
}, 180_000)
afterAll(() => world?.end())

test('every call has an example that was made: add one to test/docs/api', () => {
  const shown = new Set(guides.flatMap(({ examples }) => examples.filter(({ status }) => status < 300).map(({ name }) => name)))
  const described = Object.values(openApi.paths).flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId))
  expect(described.filter((name) => !shown.has(name))).toEqual([])
})

test('docs/api.md is what the app says and does: node scripts/api-docs.ts writes it anew', () => {
  const page = apiPage(
    openApi,
    guides.flatMap(({ examples }) => examples),
  )
  if (process.env.API_DOCS === 'write') writeFileSync(PAGE, page)
  expect(readFileSync(PAGE, 'utf8')).toBe(page)
})
