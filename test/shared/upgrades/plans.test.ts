import { nameOf } from '../../../shared/azure/arm-id.ts'
import type { Cluster } from '../../../shared/clusters/cluster.ts'
import type { Node } from '../../../shared/clusters/node.ts'
import { stepPlanner } from '../../../shared/clusters/plan-step.ts'
import { type Plan, stepsOf } from '../../../shared/operations/plan.ts'
import { stepKinds } from '../../../shared/step-kinds.ts'
import { adopted, reverted, rolledBack } from '../../../shared/upgrades/generation.ts'
import { judgeRollback, judgeUpgrade } from '../../../shared/upgrades/judge-upgrade.ts'
import { planRollback } from '../../../shared/upgrades/plan-rollback.ts'
import { planUpgrade } from '../../../shared/upgrades/plan-upgrade.ts'
import { draftedCluster } from '../clusters/drafts.ts'
import { draftedUpgrade } from './drafts.ts'

const step = stepPlanner((_kind, otherwise) => otherwise)
const rondb = (count: number, instanceType = 'Standard_D2s_v4') => ({ instanceType, diskSize: 64, count })
const plain = draftedCluster({
  version: '3.8.0',
  ronDB: {
    allInOne: false,
    configuration: { ndbdDefault: { replicationFactor: 2 } },
    mgmd: rondb(1),
    ndbd: rondb(2),
    mysqld: { ...rondb(1), arrowFlight: false },
    api: rondb(0, ''),
  },
})
const upgrade = draftedUpgrade(plain)
const cluster: Cluster = { ...plain, upgrade, request: { ...plain.request, version: '3.9.0' } }
const planned = (recreateWorkers = true) =>
  planUpgrade(step, cluster, { upgrade: { ...upgrade, recreateWorkers }, gates: ['api', 'rondb'], registry: 'registry' })

const GROWN = { instanceType: 'Standard_D4s_v4', resizedFrom: 'Standard_D2s_v4' }
const isRondb = ({ role }: Node) => role.startsWith('rondb')

const order = (plan: Plan) => stepsOf(plan).map(({ id }) => id)
const before = (plan: Plan, one: string, other: string) => {
  const ids = order(plan)
  expect(ids).toContain(one)
  expect(ids).toContain(other)
  return ids.indexOf(one) < ids.indexOf(other)
}

test('nothing of the former generation goes before the new head is healthy, has the address and is adopted', () => {
  const plan = planned()
  const adopt = 'upgrade.adopt:head'
  expect(before(plan, 'upgrade.check-health:rondb', 'upgrade.expose:new head')).toBe(true)
  expect(before(plan, 'upgrade.expose:new head', adopt)).toBe(true)
  const former = new Set(plain.nodes.flatMap(({ name }) => [name, `${name}-os`, `${name}-data`]))
  const removals = stepsOf(plan).filter(({ kind, touches }) => /remove|clear/.test(kind) && touches.some((id) => former.has(nameOf(id))))
  const stateful = removals.filter(({ touches }) => !touches.some((id) => id.includes('-worker-')))
  expect(stateful.length).toBeGreaterThan(0)
  for (const { id } of stateful) expect(before(plan, 'upgrade.enter-phase:finishing', id)).toBe(true)
})

test('every disk with a state is copied, RonDB’s too', () => {
  const copies = stepsOf(planned()).filter(({ kind }) => kind === 'upgrade.copy-disk')
  const stateful = plain.nodes.filter(({ role, diskSize }) => role !== 'worker' && diskSize > 0)
  expect(copies.map(({ touches }) => touches.map(nameOf).join()).sort()).toEqual(stateful.map(({ name }) => `${name}-g2-data`).sort())
})

test('a plan’s steps are known, and no two have one id', () => {
  for (const plan of [planned(), planned(false), planRollback(step, cluster, upgrade)]) {
    const steps = stepsOf(plan)
    expect(new Set(steps.map(({ id }) => id)).size).toBe(steps.length)
    for (const { kind } of steps) expect(stepKinds.has(kind)).toBe(true)
  }
})

test('the preflight asks for every action that the rest of the plan uses', () => {
  const checks = stepsOf(planned()).filter(({ kind }) => kind === 'upgrade.check-own-role')
  const asked = JSON.stringify(checks.map(({ args }) => args))
  for (const action of [
    'Microsoft.Compute/snapshots/delete',
    'Microsoft.Compute/disks/delete',
    'Microsoft.Compute/virtualMachines/deallocate/action',
  ])
    expect(asked).toContain(action)
})

test('the preflight asks for each action where a role that has it may be given', () => {
  const asked = (one: Cluster) =>
    stepsOf(planUpgrade(step, one, { upgrade, gates: [], registry: '' }))
      .filter(({ kind }) => kind === 'upgrade.check-own-role')
      .map(({ args }) => args as { scope: string; actions: string[] })
  const scopesOf = (one: Cluster, action: string) =>
    asked(one)
      .filter(({ actions }) => actions.includes(action))
      .map(({ scope }) => scope.replace(/^.*\/providers\//, ''))
  const [assign, join] = [
    'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action',
    'Microsoft.Network/virtualNetworks/subnets/join/action',
  ]
  expect(scopesOf(cluster, assign)).toEqual(['Microsoft.ManagedIdentity/userAssignedIdentities/hopsworks-identity'])
  expect(scopesOf(cluster, join)).toEqual(['/subscriptions/s/resourceGroups/slipway'])
  const brought = { resourceGroup: 'network', virtualNetwork: 'v', subnet: 'n', ownsVirtualNetwork: false, ownsSecurityGroup: false }
  const guest = { ...cluster, network: { ...cluster.network, ...brought, securityGroup: 'g' } }
  expect(scopesOf(guest, join)).toEqual(['Microsoft.Network/virtualNetworks/v/subnets/n'])
  expect(scopesOf(guest, 'Microsoft.Network/networkSecurityGroups/join/action')).toEqual(['Microsoft.Network/networkSecurityGroups/g'])
})

test('an image of one’s own is looked for before anything is stopped', () => {
  const id = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/own/images/hopsworks/versions/latest'
  const image = { os: 'ubuntu', regions: ['ALL'], bringsHopsworks: true, id } as const
  const plan = planUpgrade(step, cluster, { upgrade, gates: [], image, registry: '' })
  expect(before(plan, 'image.check:cluster', 'virtual-machine.deallocate:demo-master')).toBe(true)
})

test('a database machine takes the size that was chosen for it, and after a rollback with the next start', () => {
  const resized = { ...cluster, nodes: cluster.nodes.map((node) => (isRondb(node) ? { ...node, ...GROWN } : node)) }
  const sizes = (plan: Plan) =>
    stepsOf(plan).flatMap(({ kind, args }) => (kind === 'virtual-machine.resize' ? (args as { size: string }).size : []))
  const plan = planUpgrade(step, resized, { upgrade, gates: [], registry: '' })
  const machines = resized.nodes.filter(isRondb)
  expect(sizes(plan)).toEqual(machines.map(() => GROWN.instanceType))
  for (const { name } of machines) expect(before(plan, `virtual-machine.resize:${name}`, `virtual-machine.start:${name}`)).toBe(true)
  expect(rolledBack(resized).nodes.filter(isRondb)).toEqual(machines)
})

test('workers are made again unless that is not wished', () => {
  const made = (plan: Plan) => order(plan).filter((id) => id.startsWith('virtual-machine.create:'))
  expect(made(planned())).toHaveLength(plain.nodes.filter(({ role }) => role === 'worker').length)
  expect(made(planned(false))).toEqual([])
})

test('a rollback gives back what an upgrade has taken over, whether it was adopted or not', () => {
  expect(reverted(adopted(cluster, upgrade), upgrade)).toEqual(cluster)
  expect(reverted(cluster, upgrade)).toEqual(cluster)
  for (const one of [cluster, adopted(cluster, upgrade)]) expect(rolledBack(one)).toEqual(plain)
})

test('both plans mean the same resources before and after the adoption', () => {
  expect(planRollback(step, adopted(cluster, upgrade), upgrade)).toEqual(planRollback(step, cluster, upgrade))
})

test('there is no way back once the former head is being removed, and none without an upgrade', () => {
  expect(judgeRollback({ state: 'error', upgrade: 'finishing' })).toMatchObject({ allowed: false })
  expect(judgeRollback({ state: 'running' })).toMatchObject({ allowed: false })
  expect(judgeRollback({ state: 'error', upgrade: 'replacing' })).toEqual({ allowed: true, enters: 'stopping' })
  expect(judgeUpgrade({ state: 'error', upgrade: 'replacing' })).toMatchObject({ allowed: false })
  expect(judgeUpgrade({ state: 'stopping', busyWith: 'stop-cluster' })).toMatchObject({ allowed: false, code: 'conflict' })
})
