import { linesOn } from '../../../local/cloud/compute/disk-contents.ts'
import type { ClusterWorld } from '../../cluster-world.ts'
import type { WireCluster } from '../api.ts'
import { waitFor } from '../waiters.ts'

/** What the tests of upgrades ask of a world. */

/** Small, and of every kind of node: a head, a database node, a worker. */
export const oldCluster = (name: string, changes: Record<string, unknown> = {}) => ({
  name,
  blobContainerName: name,
  version: '3.8.0',
  clusterConfiguration: {
    head: { instanceType: 'Standard_D2s_v4', diskSize: 256, haEnabled: false },
    workers: [{ instanceType: 'Standard_D2s_v4', diskSize: 128, count: 1 }],
  },
  ...changes,
})

export async function arrives(
  world: ClusterWorld,
  id: string,
  waiter: Parameters<typeof waitFor>[2],
  wanted: string,
): Promise<WireCluster> {
  const { end, cluster, seen } = await waitFor(world.api, id, waiter)
  if (end !== wanted || !cluster) throw new Error(`${end} instead of ${wanted} (${seen.join(' → ')}): ${cluster?.errorMessage}`)
  return cluster
}

export async function created(world: ClusterWorld, name: string, changes: Record<string, unknown> = {}): Promise<WireCluster> {
  return arrives(world, await world.api.create(oldCluster(name, changes)), 'run', 'running')
}

export const upgrade = (world: ClusterWorld, id: string, body: Record<string, unknown> = {}) =>
  world.api.call<{ operation: string }>('POST', `/api/clusters/${id}/upgrade`, { version: '3.9.0', ...body })

export const rollback = (world: ClusterWorld, id: string) =>
  world.api.call<{ operation: string }>('PUT', `/api/clusters/${id}/upgrade/rollback`)

/** What the machines of a cluster have written to its disks: disk name → lines. */
export function writtenTo({ cloud }: ClusterWorld, cluster: string): Record<string, readonly string[]> {
  const disks = cloud.azure.resources.ofType('Microsoft.Compute/disks').filter(({ name }) => name.startsWith(`${cluster}-`))
  return Object.fromEntries(disks.filter((disk) => linesOn(disk).length > 0).map((disk) => [disk.name, linesOn(disk)]))
}

/** Data disks by the machine that has them. */
export function ownersOf({ cloud }: ClusterWorld, cluster: string): Record<string, string> {
  const disks = cloud.azure.resources.ofType('Microsoft.Compute/disks').filter(({ name }) => name.startsWith(`${cluster}-`))
  const owner = (managedBy: unknown) => (typeof managedBy === 'string' ? managedBy.slice(managedBy.lastIndexOf('/') + 1) : 'nobody')
  return Object.fromEntries(
    disks.filter(({ name }) => name.endsWith('-data')).map(({ name, envelope }) => [name, owner(envelope.managedBy)]),
  )
}

export async function terminated(world: ClusterWorld, id: string, name: string): Promise<void> {
  expect(await world.api.call('DELETE', `/api/clusters/${id}`)).toMatchObject({ code: 202 })
  await waitFor(world.api, id, 'delete')
  expect(world.resources().filter((found) => found.startsWith(`${name}-`))).toEqual([])
  expect(await world.ledger(id, 'created', 'intended')).toEqual([])
}

/** The disk with a cluster's data, and the one head that has it: as before an upgrade or after it. */
export function isIntact(world: ClusterWorld, name: string, generation: 1 | 2): void {
  const [suffix, other] = generation === 1 ? ['', '-g2'] : ['-g2', '']
  const owners = ownersOf(world, name)
  expect(owners[`${name}-master${suffix}-data`]).toBe(`${name}-master${suffix}`)
  expect(owners[`${name}-rondb-0${suffix}-data`]).toBe(`${name}-rondb-0`)
  expect(owners[`${name}-master${other}-data`]).toBeUndefined()
  expect(owners[`${name}-rondb-0${other}-data`]).toBeUndefined()
  const lines = writtenTo(world, name)[`${name}-master${suffix}-data`]
  if (generation === 1) expect(lines?.filter((line) => line.includes('-g2'))).toEqual([])
  else expect(lines?.slice(0, 2)).toEqual([`${name}-master 3.8.0`, `${name}-master-g2 3.9.0`])
}
