import type { Price } from '../../../shared/prices/price-of.ts'
import { createRequest, type WireCluster } from '../api.ts'
import { waitFor } from '../waiters.ts'
import { PATIENCE_MS, stage } from './stage.ts'

const here = stage()

interface Shown {
  readonly type: string
  readonly id?: string
  readonly state?: string
  readonly nodes?: readonly Shown[]
}

interface ShownPlan {
  readonly seconds: number
  readonly touches: readonly string[]
  readonly steps: Shown
}

/** The steps as they are drawn: their ids, and which of them run side by side. */
const shapeOf = ({ type, id, nodes }: Shown): unknown => (nodes ? [type, ...nodes.map(shapeOf)] : id)
const statesOf = ({ state, nodes = [] }: Shown): string[] => (state === undefined ? nodes.flatMap(statesOf) : [state])

/** Everything that a dry run could have changed. */
async function everything(): Promise<unknown> {
  const { payload } = await here.api.call<{ clusters: WireCluster[] }>('GET', '/api/clusters')
  const operations = await Promise.all(payload.clusters.map(({ id }) => here.api.operations(id)))
  return [payload, operations, here.inventory()]
}

async function drawn(method: string, path: string, body?: unknown): Promise<ShownPlan> {
  const before = await everything()
  const answer = await here.api.call<{ plan: ShownPlan }>(method, `${path}?dryRun=true`, body)
  expect(answer).toMatchObject({ code: 200, status: 200, payload: { plan: { seconds: expect.any(Number) } } })
  expect(answer.headers.get('operation-location')).toBeNull()
  expect(await everything()).toEqual(before)
  expect(new Set(statesOf(answer.payload.plan.steps))).toEqual(new Set(['waiting']))
  return answer.payload.plan
}

/** The latest operation has run the plan that was drawn, every step of it. */
async function ranAs(id: string, { steps }: ShownPlan): Promise<void> {
  const { id: operation } = await here.latestOperation(id)
  const { state } = await here.settled(operation)
  const { payload } = await here.api.call<{ operation: { steps: Shown } }>('GET', `/api/operations/${operation}`)
  expect(state).toBe('succeeded')
  expect(shapeOf(payload.operation.steps)).toEqual(shapeOf(steps))
  expect(new Set(statesOf(payload.operation.steps))).toEqual(new Set(['done']))
}

const lowerCase = (ids: readonly string[]) => new Set(ids.map((id) => id.toLowerCase()))

test(
  'a dry run of create, stop, start and delete shows the plan that then runs and what it costs, and changes nothing',
  async () => {
    const { api } = here
    const worker = { instanceType: 'Standard_D2s_v4', diskSize: 256, count: 1 }
    const request = createRequest(
      here.small({
        clusterConfiguration: { head: { instanceType: 'Standard_D2s_v4', diskSize: 256, haEnabled: false }, workers: [worker] },
      }),
    )

    const creation = await drawn('POST', '/api/clusters', request)
    const before = here.inventory()
    const id = await api.create(request.cluster)
    expect((await waitFor(api, id, 'run')).end).toBe('running')
    await ranAs(id, creation)
    const own = ({ type }: { type: string }) => type.split('/').length === 2 || type.endsWith('/containers')
    const made = [...here.inventory()].flatMap(([armId, resource]) => (!before.has(armId) && own(resource) ? resource.name : []))
    const named = (plan: ShownPlan) => plan.touches.map((armId) => armId.slice(armId.lastIndexOf('/') + 1))
    // Names that come from the cluster's id are not known before there is one.
    const fixed = (names: readonly string[]) => names.map((name) => name.replace(/-[0-9a-f]{12}$/, '-')).sort()
    expect(fixed(named(creation))).toEqual(fixed(made))

    const priced = async (method: string, path: string, body?: unknown) => {
      const { payload } = await api.call<{ price: Price }>(method, `${path}?dryRun=true`, body)
      expect(payload.price).toMatchObject({ estimate: true, complete: true, source: expect.stringMatching(/^https:/) })
      return payload.price.perMonth
    }
    const now = (await api.call<{ price: Price }>('POST', '/api/preflight', request)).payload.price.perMonth
    expect(await priced('POST', `/api/clusters/${id}/workers`, { workers: [worker] })).toBeGreaterThan(now)

    const stop = await drawn('PUT', `/api/clusters/${id}/stop`)
    await here.stopped(id)
    await ranAs(id, stop)

    const start = await drawn('PUT', `/api/clusters/${id}/start`)
    expect(await priced('PUT', `/api/clusters/${id}/start`)).toBe(now)
    const larger = { nodeInfo: { nodeType: 'head', instanceType: 'Standard_D4s_v4' } }
    expect(await priced('PUT', `/api/clusters/${id}/nodes/modify-instance-type`, larger)).toBeGreaterThan(now)
    expect(await api.call('PUT', `/api/clusters/${id}/start`)).toMatchObject({ code: 202 })
    expect((await waitFor(api, id, 'run')).end).toBe('running')
    await ranAs(id, start)

    const deletion = await drawn('DELETE', `/api/clusters/${id}`)
    const there = [...here.inventory()].flatMap(([armId, resource]) =>
      !before.has(armId) && resource.type.split('/').length === 2 ? armId : [],
    )
    expect(lowerCase(deletion.touches)).toEqual(new Set(there))
    await here.terminated(id)
    await ranAs(id, deletion)
  },
  PATIENCE_MS,
)

test(
  'a dry run of what would be refused is refused as well',
  async () => {
    const { api } = here
    const cluster = await here.created()
    const before = await everything()
    const dry = (method: string, path: string, body?: unknown) => api.call(method, `${path}?dryRun=true`, body)
    expect(await dry('PUT', `/api/clusters/${cluster.id}/start`)).toMatchObject({ code: 400, message: 'cluster is already running' })
    expect(await dry('POST', '/api/clusters', createRequest({ name: '' }))).toMatchObject({ code: 400 })
    expect(await dry('POST', '/api/clusters', createRequest(here.small({ name: cluster.name })))).toMatchObject({
      code: 409,
      error: { field: 'cluster.name' },
    })
    expect(await dry('DELETE', '/api/clusters/00000000-0000-7000-8000-000000000000')).toMatchObject({ code: 404 })
    expect(await everything()).toEqual(before)
    await here.terminated(cluster.id)
  },
  PATIENCE_MS,
)
