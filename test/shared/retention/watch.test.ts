import type { Orchestrations } from '../../../shared/operations/orchestrations.ts'
import { takeEvent } from '../../../shared/registries/registry-events.ts'
import { getRegistry, insertRegistry, registryIdOf, updateRegistry } from '../../../shared/registries/registry-store.ts'
import { policySchema } from '../../../shared/retention/policy.ts'
import { runStore } from '../../../shared/retention/store.ts'
import { judgeRun, watchRegistries } from '../../../shared/retention/watch.ts'
import { testServices } from '../../services.ts'

const services = testServices()
const LOGIN_SERVER = 'watched.azurecr.io'
const id = registryIdOf(LOGIN_SERVER)
const started: string[] = []
const orchestrations: Orchestrations = {
  start: async (_, instance) => void started.push(instance),
  status: async () => 'running',
  purge: async () => undefined,
}
const seconds = () => Math.floor(services.clock.now() / 1000)
const lastRun = async () => (await runStore(services.tables).runs.list(id, { limit: 1 })).items[0]?.value
const endRun = () => updateRegistry(services, id, ({ activeRun: _, ...registry }) => registry)

beforeAll(async () => {
  await insertRegistry(services, {
    id,
    name: 'watched',
    loginServer: LOGIN_SERVER,
    accountId: 'default',
    authentication: 'entra',
    policy: policySchema.parse({ schedule: { cron: '0 3 * * *', timeZone: 'Europe/Berlin' } }),
    createdOn: seconds(),
    scheduledFrom: seconds(),
  })
})

const push = (repository: string, eventTime: number) => ({
  id: `${eventTime}`,
  eventType: 'Microsoft.ContainerRegistry.ImagePushed',
  eventTime: new Date(eventTime * 1000).toISOString(),
  data: { target: { repository, tag: 'latest' }, request: { host: LOGIN_SERVER } },
})
const asCloudEvent = ({ eventType, eventTime, ...event }: ReturnType<typeof push>) => ({
  ...event,
  type: eventType,
  time: eventTime,
  specversion: '1.0',
})

test('pushes lead to one early look at their repositories, once they have settled; repeated and late ones change nothing', async () => {
  const now = seconds()
  for (const event of [
    push('team/app', now - 5),
    push('team/app', now - 9),
    asCloudEvent(push('team/app', now - 5)),
    asCloudEvent(push('other', now - 1)),
  ])
    await takeEvent(services, event)
  await watchRegistries(services, orchestrations)
  expect(started).toEqual([])
  services.advance(21_000)
  await watchRegistries(services, orchestrations)
  expect(started).toHaveLength(1)
  expect(await lastRun()).toMatchObject({
    trigger: 'event',
    events: [
      { repository: 'other', eventOn: now - 1 },
      { repository: 'team/app', eventOn: now - 5 },
    ],
  })
  await endRun()
  await watchRegistries(services, orchestrations)
  expect(started).toHaveLength(1)
})

test('events that are none, of other registries, or with names that cannot be, lead to nothing', async () => {
  const evil = push('../../admin', seconds())
  for (const event of [
    evil,
    { ...push('app', seconds()), data: { target: { repository: 'app' }, request: { host: 'other.azurecr.io' } } },
    {},
    'text',
  ])
    await takeEvent(services, event)
  services.advance(21_000)
  await watchRegistries(services, orchestrations)
  expect(started).toHaveLength(1)
})

test('a schedule comes at its time in its own time zone, and once however often it was missed', async () => {
  // The clock stands at midnight UTC in January: three o'clock in Berlin is two o'clock UTC.
  services.advance(2 * 3_600_000 - 120_000)
  await watchRegistries(services, orchestrations)
  expect(started).toHaveLength(1)
  services.advance(3 * 86_400_000 + 120_000)
  await watchRegistries(services, orchestrations)
  expect(started).toHaveLength(2)
  expect(await lastRun()).toMatchObject({ trigger: 'schedule' })
  await endRun()
  await watchRegistries(services, orchestrations)
  expect(started).toHaveLength(2)
})

test('a retired registry is left alone', async () => {
  await updateRegistry(services, id, (registry) => ({ ...registry, retiredOn: seconds() }))
  services.advance(86_400_000)
  await watchRegistries(services, orchestrations)
  expect(started).toHaveLength(2)
  expect((await getRegistry(services, id)).activeRun).toBeUndefined()
})

const run = { state: 'running', attempt: 1 } as NonNullable<Parameters<typeof judgeRun>[0]['run']>

test.each([
  ['is forgotten', { run: undefined, status: 'missing', age: 0 }, 'release'],
  ['has ended', { run: { ...run, state: 'succeeded' }, status: 'running', age: 0 }, 'release'],
  ['runs', { run, status: 'running', age: 9999 }, 'leave'],
  ['is just being started', { run: { ...run, state: 'pending' }, status: 'missing', age: 10 }, 'leave'],
  ['was never started', { run: { ...run, state: 'pending' }, status: 'missing', age: 100 }, 'start'],
  ['lost its orchestration', { run, status: 'missing', age: 100 }, 'restart'],
  ['broke down', { run, status: 'failed', age: 10 }, 'restart'],
  ['ended without telling', { run, status: 'completed', age: 10 }, 'restart'],
  ['broke down again and again', { run: { ...run, attempt: 30 }, status: 'failed', age: 10 }, 'give-up'],
] as const)('of a run that %s', (_, findings, verdict) => {
  expect(judgeRun(findings)).toBe(verdict)
})
