import type { FaultPlan } from '../../../local/cloud/fault-plan.ts'
import { type ClusterWorld, clusterWorld } from '../../cluster-world.ts'
import { until } from '../../until.ts'
import { arrives, created, isIntact, terminated, upgrade } from './upgrades.ts'

type Rule = FaultPlan['rules'][number]

let world: ClusterWorld
beforeAll(async () => {
  world = await clusterWorld()
}, 60_000)
afterAll(() => world?.end())

test('an Azure that errs, throttles and loses answers delays an upgrade and a rollback, and harms neither', async () => {
  const trouble = (name: string, fault: string): Rule => ({ match: { path: `/${name}-`, probability: 0.08 }, fault, retryAfter: 0 })
  const { id } = await created(world, 'troubled')
  world.cloud.setFaults({ rules: ['lost-response', 'error', 'reset', 'throttle'].map((fault) => trouble('troubled', fault)) })
  await upgrade(world, id)
  await arrives(world, id, 'upgrade', 'running')
  world.cloud.setFaults({ rules: [] })
  isIntact(world, 'troubled', 2)
  await terminated(world, id, 'troubled')

  const other = await created(world, 'returned')
  const doomed: Rule = { match: { path: 'returned-master-g2$' }, fault: 'install-fails' }
  world.cloud.setFaults({ rules: [doomed, ...['lost-response', 'error', 'reset', 'throttle'].map((fault) => trouble('returned', fault))] })
  await upgrade(world, other.id, { rollbackOnFailure: true })
  await until(async () => (await world.api.cluster(other.id))?.state === 'stopped', 90)
  world.cloud.setFaults({ rules: [] })
  isIntact(world, 'returned', 1)
  await terminated(world, other.id, 'returned')
}, 200_000)
