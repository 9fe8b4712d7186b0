import fc from 'fast-check'
import { groupId } from '../../../shared/azure/arm-id.ts'
import type { Cluster } from '../../../shared/clusters/cluster.ts'
import { planCreation } from '../../../shared/clusters/plan-creation.ts'
import { planDeletion } from '../../../shared/clusters/plan-deletion.ts'
import { planStart } from '../../../shared/clusters/plan-start.ts'
import { stepPlanner } from '../../../shared/clusters/plan-step.ts'
import { planStop } from '../../../shared/clusters/plan-stop.ts'
import { nodeResources } from '../../../shared/clusters/resources.ts'
import { type Plan, type Step, stepsOf } from '../../../shared/operations/plan.ts'
import { stepKinds } from '../../../shared/step-kinds.ts'
import { draftedCluster } from './drafts.ts'

const step = stepPlanner((_kind, seconds) => seconds)

const machine = { instanceType: 'Standard_D4s_v4', diskSize: 512 }
const groups = (count: number) => ({ ...machine, count })

const clusters: fc.Arbitrary<Cluster> = fc
  .record({
    workers: fc.array(
      fc.record({ instanceType: fc.constantFrom('Standard_D4_v3', 'Standard_D8_v3'), diskSize: fc.constantFrom(0, 256), count: fc.nat(4) }),
      { maxLength: 3 },
    ),
    allInOne: fc.boolean(),
    dataNodes: fc.integer({ min: 1, max: 4 }),
    mysqlds: fc.integer({ min: 1, max: 3 }),
    apis: fc.nat(2),
    attachPublicIP: fc.boolean(),
    ownNetwork: fc.boolean(),
    ownSecurityGroup: fc.boolean(),
  })
  .map(({ workers, allInOne, dataNodes, mysqlds, apis, attachPublicIP, ownNetwork, ownSecurityGroup }) =>
    draftedCluster({
      clusterConfiguration: { head: { instanceType: 'Standard_D8_v3', diskSize: 512 }, workers },
      ronDB: allInOne
        ? { allInOne, ndbd: groups(1) }
        : { allInOne, mgmd: groups(1), ndbd: groups(dataNodes), mysqld: groups(mysqlds), api: groups(apis) },
      attachPublicIP,
      ...(ownNetwork && { networkResourceGroup: 'network', virtualNetworkName: 'theirs', subnetName: 'default' }),
      ...(ownSecurityGroup && { securityGroupName: 'their-nsg' }),
    }),
  )

const check = (property: (cluster: Cluster) => void) => fc.assert(fc.property(clusters, property), { numRuns: 200 })

const touched = (plan: Plan, kind: RegExp = /./) => stepsOf(plan).flatMap((found) => (kind.test(found.kind) ? found.touches : []))

/** Ids of the steps that have ended before the given one begins. */
function before(plan: Plan, id: string): ReadonlySet<string> | undefined {
  if (plan.type === 'step') return plan.id === id ? new Set() : undefined
  const done: string[] = []
  for (const node of plan.nodes) {
    const inside = before(node, id)
    if (inside) return new Set([...done, ...inside])
    if (plan.type === 'sequence') done.push(...stepsOf(node).map((found) => found.id))
  }
  return undefined
}

test('every node gets one machine, one interface and its disks, each made once', () => {
  check((cluster) => {
    const made = touched(planCreation(step, cluster), /\.create$/)
    expect(new Set(made).size).toBe(made.length)
    for (const node of cluster.nodes) {
      for (const id of Object.values(nodeResources(cluster, node))) expect(made.filter((other) => other === id)).toHaveLength(1)
    }
    expect(made.filter((id) => id.includes('/virtualMachines/'))).toHaveLength(cluster.nodes.length)
  })
})

test('a deletion covers all that a creation makes but the container, and nothing that the user brought', () => {
  check((cluster) => {
    const made = touched(planCreation(step, cluster), /\.create$/).filter((id) => !id.includes('/blobServices/'))
    const removed = touched(planDeletion(step, cluster))
    expect([...removed].sort()).toEqual([...made].sort())
    if (!cluster.network.ownsVirtualNetwork) expect(removed.join()).not.toContain('theirs')
    if (!cluster.network.ownsSecurityGroup) expect(removed.join()).not.toContain('their-nsg')
  })
})

test('what a stop removes a start makes again', () => {
  check((cluster) => {
    const removed = touched(planStop(step, cluster), /remove|clear/)
    const made = touched(planStart(step, cluster), /\.create$/)
    expect([...made].sort()).toEqual([...removed].sort())
    const stopped = touched(planStop(step, cluster), /deallocate/)
    expect(touched(planStart(step, cluster), /\.start$/)).toEqual(stopped)
    expect(stopped.length + removed.filter((id) => id.includes('/virtualMachines/')).length).toBe(cluster.nodes.length)
  })
})

test('steps have ids of their own and kinds that are registered, and planning twice plans the same', () => {
  check((cluster) => {
    for (const planner of [planCreation, planStart, planStop, planDeletion]) {
      const plan = planner(step, cluster)
      const ids = stepsOf(plan).map(({ id }) => id)
      expect(new Set(ids).size).toBe(ids.length)
      for (const { kind } of stepsOf(plan)) expect(stepKinds.has(kind)).toBe(true)
      expect(JSON.parse(JSON.stringify(plan))).toEqual(planner(step, cluster))
    }
  })
})

test('nothing begins before what it needs is there, or goes before what needs it is gone', () => {
  check((cluster) => {
    const creation = planCreation(step, cluster)
    const needed = (plan: Plan, kind: string) =>
      stepsOf(plan)
        .filter((found) => found.kind === kind)
        .map(({ id }) => id)
    const expectBefore = (plan: Plan, later: Step, kinds: readonly string[]) => {
      const done = before(plan, later.id)
      for (const kind of kinds) for (const id of needed(plan, kind)) expect(done).toContain(id)
    }
    for (const found of stepsOf(creation)) {
      if (found.kind === 'network-interface.create')
        expectBefore(creation, found, [
          'virtual-network.create',
          'network-security-group.create',
          'public-ip-address.create',
          'subnet.check',
        ])
      if (found.kind === 'virtual-machine.create')
        expect(before(creation, found.id)).toContain(found.id.replace('virtual-machine', 'network-interface'))
      if (/\.create$/.test(found.kind))
        expectBefore(creation, found, ['ssh-public-key.check', 'resource-group.check', 'blob-container.check'])
    }
    const deletion = planDeletion(step, cluster)
    for (const found of stepsOf(deletion)) {
      if (/^(virtual-network|network-security-group|public-ip-address)\./.test(found.kind)) expectBefore(deletion, found, ['node.clear'])
      if (found.kind === 'cluster.forget') expect(before(deletion, found.id)?.size).toBe(stepsOf(deletion).length - 1)
    }
  })
})

test('no plan holds a secret or names a resource outside the groups it was given', () => {
  check((cluster) => {
    for (const planner of [planCreation, planStart, planStop, planDeletion]) {
      for (const id of touched(planner(step, cluster)))
        expect([groupId('s', 'slipway'), groupId('s', 'network')].some((group) => id.startsWith(`${group}/`))).toBe(true)
      expect(JSON.stringify(planner(step, cluster))).not.toMatch(/customData|swa_|publicKey"/)
    }
  })
})
