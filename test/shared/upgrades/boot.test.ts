import { stepPlanner } from '../../../shared/clusters/plan-step.ts'
import type { StepContext } from '../../../shared/operations/context.ts'
import { stepsOf } from '../../../shared/operations/plan.ts'
import { planUpgrade } from '../../../shared/upgrades/plan-upgrade.ts'
import { waitForBoot } from '../../../shared/upgrades/steps/migration.ts'
import { testServices } from '../../services.ts'
import { draftedCluster } from '../clusters/drafts.ts'
import { draftedUpgrade } from './drafts.ts'

const services = testServices()
const brought = { networkResourceGroup: 'network', virtualNetworkName: 'v', subnetName: 'n' }

test.each([
  ['in a subnet that was brought along is told to want a way out', { ...brought, attachPublicIP: true }, /not called yet.*NAT gateway/],
  ['that never had a public address is waited for', { ...brought, attachPublicIP: false }, /not called yet\.$/],
  ['in a network of ours is waited for', { attachPublicIP: true }, /not called yet\.$/],
])('a new head %s', async (_what, changes, note) => {
  const cluster = draftedCluster({ version: '3.8.0', ...changes })
  const step = stepPlanner((_kind, otherwise) => otherwise)
  const plan = planUpgrade(step, cluster, { upgrade: draftedUpgrade(cluster), gates: ['api'], registry: '' })
  const boot = stepsOf(plan).find(({ kind }) => kind === waitForBoot.kind)
  const context = { services, subjectId: cluster.id } as unknown as StepContext
  const look = await waitForBoot.begin(context, boot?.args as unknown as Parameters<typeof waitForBoot.begin>[1])
  expect(look).toMatchObject({ state: 'pending', note: expect.stringMatching(note) })
})
