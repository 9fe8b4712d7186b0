import type { FaultPlan } from '../../../local/cloud/fault-plan.ts'
import type { Resource } from '../../../local/cloud/resource.ts'
import { type ClusterWorld, clusterWorld } from '../../cluster-world.ts'
import { until } from '../../until.ts'
import type { Api, WireCluster, WireOperation } from '../api.ts'
import { type WAITERS, waitFor } from '../waiters.ts'

type Rule = FaultPlan['rules'][number]

/** A journey takes seconds; on a machine that is busy with other things it may take this long. */
export const PATIENCE_MS = 120_000

/** Azure asks to wait, for as long as it is asked. */
export const held = { fault: 'throttle', retryAfter: 0 } as const

/** One world for all journeys of a file, and what several of them do in it. */
export interface Stage {
  readonly world: ClusterWorld
  readonly api: Api
  /** Changes to the request that make a small cluster of a name of its own. */
  small(changes?: Record<string, unknown>): { readonly name: string; readonly [field: string]: unknown }
  /** Puts a fault in Azure's way, besides those that are there; call the answer to take it away. */
  spoil(rule: Rule): () => void
  /** A knob of the simulated Azure, by its path under /_slipway/. */
  turn(knob: 'quota' | 'roles' | 'latencies', body: object): Promise<void>
  created(changes?: Record<string, unknown>): Promise<WireCluster>
  /** A cluster whose creation has failed for want of a machine; there is one after `mend`. */
  notCreated(): Promise<{ readonly id: string; readonly name: string; readonly operation: string; mend(): void }>
  /** Waits until the cluster is in that state, and not longer than until it fails. */
  reached(id: string, state: string): Promise<void>
  /** Asks, and waits as the provider does. */
  stopped(id: string): Promise<void>
  terminated(id: string): Promise<void>
  /** Waits as the provider does for one that is being deleted, and sees that nothing is left of it in Azure or the ledger. */
  gone(cluster: Known): Promise<void>
  retried(id: string, kind: keyof typeof WAITERS): Promise<WireCluster>
  latestOperation(id: string): Promise<WireOperation>
  settled(operation: string): Promise<WireOperation>
  /** What Azure has of a cluster; its container outlives it and is not counted. */
  resourcesOf(cluster: Known): readonly Resource[]
  /** Every resource of the subscription by its id, as it is now. */
  inventory(): ReadonlyMap<string, Resource>
  /** Somebody else makes a resource. */
  put(id: string, type: string): void
}

interface Known {
  readonly id: string
  readonly name: string
}

export function stage(): Stage {
  let world: ClusterWorld
  beforeAll(async () => {
    world = await clusterWorld()
  }, 60_000)
  afterAll(() => world?.end())

  const rules = new Set<Rule>()
  const spoilt = () => world.cloud.setFaults({ rules: [...rules] })
  let count = 0
  const subscription = () => `/subscriptions/${world.cloud.landingZone.subscriptionId}`

  const here: Stage = {
    get world() {
      return world
    },
    get api() {
      return world.api
    },
    small(changes = {}) {
      const name = `c${count++}`
      const head = { instanceType: 'Standard_D2s_v4', diskSize: 256, haEnabled: false }
      return { name, blobContainerName: `container-${name}`, clusterConfiguration: { head, workers: [] }, ...changes }
    },
    spoil(rule) {
      rules.add(rule)
      spoilt()
      return () => {
        rules.delete(rule)
        spoilt()
      }
    },
    async turn(knob, body) {
      const { ok } = await fetch(`${world.cloud.url}/_slipway/${knob}`, { method: 'PUT', body: JSON.stringify(body) })
      expect(ok).toBe(true)
    },
    async created(changes) {
      const id = await here.api.create(here.small(changes))
      return arrived(here.api, id, 'run', 'running')
    },
    async notCreated() {
      const changes = here.small()
      const { name } = changes
      const mend = here.spoil({ fault: 'capacity', match: { operation: 'Microsoft.Compute/virtualMachines/write', path: `/${name}-` } })
      const id = await here.api.create(changes)
      expect((await waitFor(here.api, id, 'run')).end).toBe('error')
      return { id, name, operation: (await here.latestOperation(id)).id, mend }
    },
    async reached(id, state) {
      const found = await until(async () => {
        const cluster = await here.api.cluster(id)
        return [state, 'error'].includes(cluster?.state ?? '') ? cluster : undefined
      }, 60)
      expect(found.state === state ? state : found.errorMessage).toBe(state)
    },
    async stopped(id) {
      expect(await here.api.call('PUT', `/api/clusters/${id}/stop`)).toMatchObject({ code: 202 })
      await arrived(here.api, id, 'stop', 'stopped')
    },
    async terminated(id) {
      const cluster = await here.api.cluster(id)
      expect(await here.api.call('DELETE', `/api/clusters/${id}`)).toMatchObject({ code: 202 })
      if (cluster) await here.gone(cluster)
    },
    async gone(cluster) {
      const { end, cluster: left } = await waitFor(here.api, cluster.id, 'delete')
      // The message tells what went wrong where something did.
      expect(left?.errorMessage ?? end).toBe('gone')
      expect(here.resourcesOf(cluster).map(({ name }) => name)).toEqual([])
      expect(await world.ledger(cluster.id)).toEqual([])
    },
    async retried(id, kind) {
      const { id: operation } = await here.latestOperation(id)
      expect(await here.api.call('POST', `/api/operations/${operation}/retry`)).toMatchObject({ code: 202 })
      return arrived(here.api, id, kind, kind === 'run' ? 'running' : 'stopped')
    },
    async latestOperation(id) {
      const [latest] = await here.api.operations(id)
      if (!latest) throw new Error(`no operation of ${id}`)
      return latest
    },
    settled: (operation) =>
      until(async () => {
        const { payload } = await here.api.call<{ operation: WireOperation }>('GET', `/api/operations/${operation}`)
        return ['succeeded', 'failed', 'cancelled'].includes(payload.operation.state) ? payload.operation : undefined
      }, 60),
    resourcesOf: ({ id, name }) =>
      world.cloud.azure.resources
        .under(subscription())
        .filter((found) => found.name === name || found.name.startsWith(`${name}-`) || found.name.endsWith(id.slice(-12)))
        .filter(({ type }) => !type.endsWith('/containers')),
    inventory: () => new Map(world.cloud.azure.resources.under(subscription()).map((resource) => [resource.id.toLowerCase(), resource])),
    put(id, type) {
      const { azure, landingZone } = world.cloud
      const name = id.slice(id.lastIndexOf('/') + 1)
      const facts = { location: landingZone.location, provisioningState: 'Succeeded', properties: {}, envelope: {}, hidden: {} } as const
      azure.change(() => azure.resources.put({ id, type, name, ...facts }))
    },
  }
  return here
}

/** Waits as the provider does; anything but the end that was hoped for fails with what the cluster says of it. */
export async function arrived(api: Api, id: string, kind: keyof typeof WAITERS, hoped: string): Promise<WireCluster> {
  const { end, cluster } = await waitFor(api, id, kind)
  expect(end === hoped ? end : (cluster?.errorMessage ?? end)).toBe(hoped)
  if (!cluster) throw new Error(`cluster ${id} is gone`)
  return cluster
}

/** A test for each journey, all of which start at once: they spend their time waiting for the simulated Azure. */
export function sideBySide(journeys: Readonly<Record<string, () => Promise<void>>>, patienceMs = PATIENCE_MS): void {
  let started: ReadonlyMap<string, Promise<unknown>> | undefined
  const start = () => new Map(Object.entries(journeys).map(([name, run]) => [name, run().catch((error: unknown) => ({ error }))]))
  for (const name of Object.keys(journeys)) {
    test(
      name,
      async () => {
        started ??= start()
        const failure = await started.get(name)
        if (failure) throw (failure as { error: unknown }).error
      },
      patienceMs,
    )
  }
}
