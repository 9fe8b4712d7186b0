import { azureUsers } from '../../../shared/azure-users.ts'
import type { Feature } from '../../../shared/permissions/features.ts'
import { controlPlaneRoles } from '../../../shared/permissions/roles.ts'
import type { ShownRole } from '../../../shared/permissions/wire.ts'
import { stage } from '../journeys/stage.ts'
import { accountWith } from './principals.ts'
import { type Journey, setupJourneys } from './setup-journeys.ts'

const here = stage()
const journeys = setupJourneys(here)

/** Fixed, so that there is a test for each action before the world is there. */
const SUBSCRIPTION = '/subscriptions/00000000-0000-0000-0000-00000000510e'

const rolesFor = (features: readonly Feature[]) => controlPlaneRoles(azureUsers, { features, scopes: [SUBSCRIPTION] })
const actionsOf = (roles: readonly ShownRole[]) => [...new Set(roles.flatMap((role) => [...role.actions, ...role.dataActions]))]

/** What setting up and cleaning bring along; the lives of clusters feel the rest. */
const others: readonly Feature[] = ['network', 'acr', 'pickLists', 'preflight']
const roles = rolesFor([...others, 'registries', 'setup'])
const brought = actionsOf(roles).filter((action) => !actionsOf(rolesFor(others)).includes(action))

/** Which journey a missing action is felt in. */
const feltIn: readonly (readonly [RegExp, Journey])[] = [
  [/\/register\/action$/, journeys.registering],
  [/^Microsoft\.Compute\/sshPublicKeys\//, journeys.keyed],
  [/^Microsoft\.ContainerRegistry\/registries\/(catalog|repositories)\//, journeys.cleanedByRepository],
  [/^Microsoft\.ContainerRegistry\//, journeys.cleaned],
  [/./, journeys.prepared],
]

const without = (action: string): readonly ShownRole[] =>
  roles.map((role) => ({
    ...role,
    actions: role.actions.filter((held) => held !== action),
    dataActions: role.dataActions.filter((held) => held !== action),
  }))

async function travelled(journey: Journey, held: readonly ShownRole[]): Promise<string | undefined> {
  return journey(await accountWith(here.api, here.world.cloud, held), held).catch((error: unknown) => String(error))
}

test('exactly the computed role lets an account be set up and registries be cleaned', async () => {
  const refused = await Promise.all(Object.entries(journeys).map(async ([name, journey]) => [name, await travelled(journey, roles)]))
  expect(refused).toEqual(Object.keys(journeys).map((name) => [name, undefined]))
}, 120_000)

/** All at once: they spend their time waiting for the simulated Azure. */
let refusals: Promise<ReadonlyMap<string, string | undefined>> | undefined
async function everyRefusal(): Promise<ReadonlyMap<string, string | undefined>> {
  const journeyOf = (action: string) => feltIn.find(([pattern]) => pattern.test(action))?.[1] ?? journeys.prepared
  return new Map(await Promise.all(brought.map(async (action) => [action, await travelled(journeyOf(action), without(action))] as const)))
}

test.each(brought)(
  'without %s a journey fails, and says that it is missing',
  async (action) => {
    refusals ??= everyRefusal()
    expect((await refusals).get(action)).toBe(action)
  },
  120_000,
)
