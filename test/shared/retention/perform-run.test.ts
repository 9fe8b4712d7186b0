import type { OrchestrationContext } from 'durable-functions'
import { BEGIN_RUN, END_RUN, runRetention } from '../../../functions/retention/orchestrator.ts'
import { type Clock, realClock, type Wait } from '../../../shared/clock.ts'
import { newOperationId } from '../../../shared/operations/operation-id.ts'
import type { Orchestrations } from '../../../shared/operations/orchestrations.ts'
import { ProblemError } from '../../../shared/problem.ts'
import type { Registry } from '../../../shared/registries/registry.ts'
import { createRegistryAccess } from '../../../shared/registries/registry-access.ts'
import { getRegistry, insertRegistry, registryIdOf, updateRegistry } from '../../../shared/registries/registry-store.ts'
import { beginRun, cleanBatch, endRun, type RunAttempt } from '../../../shared/retention/perform-run.ts'
import { policySchema } from '../../../shared/retention/policy.ts'
import { purgeRuns } from '../../../shared/retention/purge-runs.ts'
import { wholeReport } from '../../../shared/retention/report.ts'
import type { Run } from '../../../shared/retention/run.ts'
import { changeRun, findRun, getRun } from '../../../shared/retention/runs.ts'
import { startRun } from '../../../shared/retention/start-run.ts'
import { runStore } from '../../../shared/retention/store.ts'
import { watchRegistries } from '../../../shared/retention/watch.ts'
import type { Services } from '../../../shared/services.ts'
import { type RegistryWorld, registryWorld } from '../../local/cloud/container-registry/registry-world.ts'
import { testServices } from '../../services.ts'
import { openDataPlane } from '../registries/data-plane/open.ts'

const LOGIN_SERVER = 'testregistry.azurecr.io'
const id = registryIdOf(LOGIN_SERVER)
const everything = { name: 'everything', untaggedDays: 0, minimumAgeDays: 0 }
const base = testServices({ SLIPWAY_RETENTION_DAYS: '30', SLIPWAY_SUBSCRIPTION_ID: '00000000-0000-0000-0000-000000000001' })

/** Milliseconds by which what was waited for lies ahead of the real time. */
let ahead = 0
const clock: Clock = { now: () => realClock.now() + ahead }
const wait: Wait = async (ms) => {
  ahead += Math.max(0, ms)
}

let world: RegistryWorld
let services: Services
/** Why a registry is not even tried at the moment. */
let refusal = (): ProblemError | undefined => undefined
beforeAll(async () => {
  world = await registryWorld({ sku: 'Premium' })
  const [username = '', password = ''] = Buffer.from(world.admin.slice('Basic '.length), 'base64').toString().split(':')
  const credential = { kind: 'basic', username, password } as const
  const open = async () => {
    const refused = refusal()
    if (refused) throw refused
    return openDataPlane({ url: world.cloud.url, loginServer: LOGIN_SERVER, credential, sku: 'Premium' })
  }
  services = { ...base, clock, registries: { ...base.registries, open } }
  const now = Math.floor(clock.now() / 1000)
  await insertRegistry(services, {
    id,
    name: 'testregistry',
    loginServer: LOGIN_SERVER,
    accountId: 'default',
    authentication: 'entra',
    policy: policySchema.parse({ mode: 'enforce', schedule: null, rules: [everything], brake: { manifests: 10_000, share: 1 } }),
    createdOn: now,
    scheduledFrom: now,
  })
})
afterAll(() => world.stop())

const started: string[] = []
const orchestrations: Orchestrations = {
  start: async (_, instance) => void started.push(instance),
  status: async () => 'running',
  purge: async () => undefined,
}
const registry = (): Promise<Registry> => getRegistry(services, id)
const begin = async () => startRun(services, orchestrations, await registry(), { trigger: 'hand', requestedBy: 'test', dryRun: false })
const seed = (name: string, ...groups: object[]) =>
  world.send('POST', '/_slipway/seed', { body: { repositories: [{ name, groups }] }, as: null })

interface Asked {
  readonly call: string
  readonly given: RunAttempt & { readonly batch: number }
}

/** Walks the orchestration as the host would: each activity has `budget(n)` milliseconds the n-th time. Answers how often its history began anew. */
async function orchestrate(run: Run, budget: (call: number) => number) {
  let input: object | undefined = { run: run.id, attempt: run.attempt }
  let [histories, batches, most] = [0, 0, 0]
  const activity = ({ call, given }: Asked): Promise<unknown> => {
    if (call === BEGIN_RUN) return beginRun(services, given)
    if (call === END_RUN) return endRun(services, given)
    return cleanBatch(services, given, budget(batches++))
  }
  while (input) {
    const given = input
    input = undefined
    histories++
    const df = {
      getInput: () => given,
      callActivityWithRetry: (call: string, _: unknown, given: object) => ({ call, given }),
      Task: { all: (all: readonly Asked[]) => ({ all }) },
      createTimer: (at: Date) => ({ at }),
      currentUtcDateTime: new Date(clock.now()),
      continueAsNew(next: object) {
        input = next
      },
    }
    const steps = runRetention({ df } as unknown as OrchestrationContext)
    let yielded = 0
    for (let step = steps.next(); !step.done; yielded++) {
      const task = step.value as unknown as Asked | { readonly all: readonly Asked[] } | { readonly at: Date }
      if ('at' in task) await wait(task.at.getTime() - clock.now())
      const result = 'all' in task ? await Promise.all(task.all.map(activity)) : 'call' in task ? await activity(task) : undefined
      df.currentUtcDateTime = new Date(clock.now())
      step = steps.next(result)
    }
    most = Math.max(most, yielded)
  }
  return { histories, batches, most }
}

test('a run goes on over many short activities and several histories, and deletes each manifest once', async () => {
  for (const name of ['a', 'b']) await seed(name, { count: 300 }, { count: 20, tag: 'v', platforms: 2 })
  const run = await begin()
  // The first ones have no time at all.
  const { histories, batches, most } = await orchestrate(run, (call) => (call < 35 ? -1 : 5))
  expect(histories).toBeGreaterThan(1)
  expect(batches).toBeGreaterThan(36)
  expect(most).toBeLessThan(70)
  const ended = await getRun(services, id, run.id)
  expect(ended).toMatchObject({ state: 'succeeded', totals: { repositories: 2, candidates: 600, deleted: 600, spared: 0, failed: 0 } })
  const deleted = (await wholeReport(services, ended)).filter(({ outcome }) => outcome === 'deleted')
  expect(new Set(deleted.map(({ digest }) => digest)).size).toBe(600)
  const results = (await runStore(services.tables).results.list(run.id)).items.map(({ value }) => value.activations)
  expect(Math.max(...results)).toBeGreaterThan(1)
  expect((await world.send('GET', '/acr/v1/a')).body).toMatchObject({ manifestCount: 60, tagCount: 20 })
  expect(await registry()).toMatchObject({ lastRun: run.id })
  expect((await registry()).activeRun).toBeUndefined()
}, 120_000)

test('when the timer, a person and another instance want a run at once, one begins; the next one after its end', async () => {
  await updateRegistry(services, id, (known) => ({
    ...known,
    scheduledFrom: 0,
    policy: { ...known.policy, schedule: { cron: '* * * * *', timeZone: 'UTC' } },
  }))
  const before = started.length
  const watch = () => watchRegistries(services, orchestrations)
  const outcomes = await Promise.allSettled([begin(), watch(), begin(), watch(), begin()])
  expect(started).toHaveLength(before + 1)
  const refusals = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
  for (const refusal of refusals) expect(refusal).toMatchObject({ problem: { code: 'conflict', remedy: expect.stringContaining('runs/') } })
  expect(refusals.length).toBeGreaterThanOrEqual(2)
  const { activeRun = '' } = await registry()
  expect(started.at(-1)).toBe(activeRun)
  // Those that lost left no trace.
  const { items } = await runStore(services.tables).runs.list(id)
  expect(items.filter(({ value }) => value.state === 'pending')).toHaveLength(1)
  await orchestrate(await getRun(services, id, activeRun), () => 10_000)
  await updateRegistry(services, id, (known) => ({ ...known, policy: { ...known.policy, schedule: null } }))
  await orchestrate(await begin(), () => 10_000)
})

test('a registry that nobody can sign in to any more ends its run, with the reason', async () => {
  const run = await begin()
  await beginRun(services, { run: run.id, attempt: 1 })
  refusal = () => new ProblemError({ code: 'invalid', message: 'No password is stored.', retryable: false })
  await orchestrate(run, () => 10_000)
  expect(await getRun(services, id, run.id)).toMatchObject({ state: 'failed', problem: { message: 'No password is stored.' } })
  const another = await begin()
  await orchestrate(another, () => 10_000)
  expect(await getRun(services, id, another.id)).toMatchObject({ state: 'failed', problem: { message: 'No password is stored.' } })
  refusal = () => undefined
})

test('what the catalog shows no more is told although the run between could not list it', async () => {
  await seed('vanishing', { count: 1, tag: 'v' })
  const complete = await begin()
  await orchestrate(complete, () => 10_000)
  refusal = () => new ProblemError({ code: 'permission', message: 'No role.', retryable: false })
  await orchestrate(await begin(), () => 10_000)
  refusal = () => undefined
  expect(await registry()).toMatchObject({ lastRun: complete.id })
  await world.send('DELETE', '/acr/v1/vanishing')
  const next = await begin()
  await orchestrate(next, () => 10_000)
  expect(await getRun(services, id, next.id)).toMatchObject({ vanished: ['vanishing'] })
  expect(await registry()).toMatchObject({ lastRun: next.id })
})

/** Through the access that the app has, which signs in to the registry. */
function signingIn(): Services {
  const azure = { ...base.azure, forAccount: async () => ({ credential: world.cloud.owner }) } as unknown as Services['azure']
  const settings = { ...base.settings, azureGateway: world.cloud.url }
  return { ...base, clock, registries: createRegistryAccess({ ...base, azure, settings, clock }, wait) }
}

describe('a registry that cannot be asked', () => {
  let before: Services
  beforeAll(async () => {
    before = services
    services = signingIn()
    // Its tokens live as long as these tests, whatever the speed of the clock there.
    await world.send('PUT', '/_slipway/knobs', { body: { tokenSeconds: { access: 1e9, refresh: 1e9 } }, as: null })
    await seed('late', { count: 3 })
  })
  afterAll(() => {
    services = before
  })
  afterEach(() => world.cloud.setFaults({ rules: [] }))
  const waited = async (work: () => Promise<unknown>) => {
    const from = clock.now()
    await work()
    return (clock.now() - from) / 1000
  }

  test('is waited for, whether it lets nobody sign in or is away', async () => {
    world.cloud.setFaults({
      rules: [
        { match: { path: '/oauth2/exchange', times: 1 }, fault: 'throttle', retryAfter: 45 },
        { match: { path: '/acr/v1/_catalog', times: 12 }, fault: 'reset' },
      ],
    })
    const run = await begin()
    // Once for the throttle, twice for the outage.
    expect(await waited(() => orchestrate(run, () => 60_000))).toBeGreaterThan(45 + 2 * 30)
    expect(await getRun(services, id, run.id)).toMatchObject({ state: 'succeeded', totals: { deleted: 3 } })
  })

  test('for an hour ends the run, with the reason; nothing else runs meanwhile, and the next one may', async () => {
    world.cloud.setFaults({ rules: [{ match: { path: '/acr/v1/_catalog' }, fault: 'error', status: 503 }] })
    const run = await begin()
    expect(await beginRun(services, { run: run.id, attempt: 1 })).toMatchObject({ nap: 30 })
    await expect(begin()).rejects.toMatchObject({ problem: { code: 'conflict' } })
    const seconds = await waited(() => orchestrate(run, () => 60_000))
    expect(await getRun(services, id, run.id)).toMatchObject({
      state: 'failed',
      problem: { code: 'transient', message: expect.stringContaining('refused to list its repositories') },
    })
    expect(seconds).toBeGreaterThan(3_600)
    expect(seconds).toBeLessThan(4_800)
    expect((await registry()).activeRun).toBeUndefined()
  })

  test('is waited for in the middle of a run as well', async () => {
    services = before
    const away = new ProblemError({ code: 'transient', message: 'Key Vault answered 503.', retryable: true, retryAfter: 5 })
    const begun = async () => {
      const run = await begin()
      await beginRun(services, { run: run.id, attempt: 1 })
      return run
    }
    const patient = await begun()
    const back = clock.now() + 600_000
    refusal = () => (clock.now() < back ? away : undefined)
    await orchestrate(patient, () => 60_000)
    expect(await getRun(services, id, patient.id)).toMatchObject({ state: 'succeeded' })

    const hopeless = await begun()
    refusal = () => away
    expect(await waited(() => orchestrate(hopeless, () => 60_000))).toBeGreaterThan(3_600)
    expect(await getRun(services, id, hopeless.id)).toMatchObject({ state: 'failed', problem: { message: 'Key Vault answered 503.' } })
    refusal = () => undefined
  })
})

test('runs are kept as long as the settings say, then they go with all that they found', async () => {
  await seed('purged', { count: 10 })
  const old = await begin()
  await orchestrate(old, () => 10_000)
  const recent = await begin()
  await orchestrate(recent, () => 10_000)
  const { runs, findings, results, batches } = runStore(services.tables)
  expect((await findings.list(old.id)).items).not.toEqual([])
  const monthAgo = Math.floor(clock.now() / 1000) - 30 * 86_400
  await changeRun(services, old.id, (run) => ({ ...run, endedOn: monthAgo - 10 }))
  await changeRun(services, recent.id, (run) => ({ ...run, endedOn: monthAgo + 60 }))
  const running = await begin()
  await changeRun(services, running.id, (run) => ({ ...run, createdOn: monthAgo - 10 }))

  // Its start was killed before it claimed the registry; the other one is about to.
  const unclaimed = async (hours: number) => {
    const run = { ...running, id: newOperationId(id, clock.now()), createdOn: Math.floor(clock.now() / 1000) - hours * 3600 }
    await runs.insert(id, run.id, run)
    return run.id
  }
  const [lost, starting] = [await unclaimed(2), await unclaimed(0)]

  expect(await purgeRuns(services)).toBe(2)
  expect(await findRun(services, lost)).toBeUndefined()
  expect(await findRun(services, starting)).toBeDefined()
  await expect(getRun(services, id, old.id)).rejects.toMatchObject({ problem: { code: 'not-found' } })
  for (const table of [findings, results, batches]) expect((await table.list(old.id)).items).toEqual([])
  expect(await getRun(services, id, recent.id)).toBeDefined()
  expect(await getRun(services, id, running.id)).toBeDefined()
})
