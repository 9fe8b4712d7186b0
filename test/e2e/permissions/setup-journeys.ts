import { randomUUID } from 'node:crypto'
import type { ShownRole } from '../../../shared/permissions/wire.ts'
import type { WireOperation } from '../api.ts'
import type { Stage } from '../journeys/stage.ts'
import { armOf, makeRegistry } from '../retention/made-registry.ts'
import { adopted, atOnce } from '../retention/retention-world.ts'
import { accountWith, emptySubscription } from './principals.ts'

/** The action that Azure refused, or undefined where all went well. `roles`: those that the account's principal holds. */
export type Journey = (accountId: string, roles: readonly ShownRole[]) => Promise<string | undefined>

interface Answer {
  readonly code: number
  readonly message: string
  readonly error?: { readonly action?: string; readonly remedy?: string }
}

const fresh = (name: string) => `${name}${randomUUID().replaceAll('-', '').slice(0, 10)}`
const refusedIn = ({ code, message, error }: Answer) => (code < 300 ? undefined : (error?.action ?? message))

/** What an account is set up with: each journey makes things of its own. */
export function setupJourneys(here: Stage) {
  async function started(accountId: string, what: string, body: object): Promise<string | undefined> {
    const answer = await here.api.call<{ operation: string }>('POST', `/api/accounts/${accountId}/${what}`, body)
    if (answer.code !== 202) return refusedIn(answer)
    const { state, problem }: WireOperation = await here.settled(answer.payload.operation)
    return state === 'succeeded' ? undefined : (problem?.action ?? problem?.message)
  }

  const prepared: Journey = (accountId) => {
    const [storageAccount, identity, registry] = [fresh('storage'), fresh('identity'), fresh('registry')]
    // Of its own: a role that is made for a group is there for everybody.
    const resourceGroup = fresh('group')
    const { subscriptionId } = here.world.cloud.landingZone
    here.put(`/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`, 'Microsoft.Resources/resourceGroups')
    return started(accountId, 'setup', { resourceGroup, storageAccount, identity, registry })
  }

  /** In a subscription of its own: a provider that is registered is so for everybody. */
  const registering: Journey = async (_accountId, roles) => {
    const subscription = emptySubscription(here.world.cloud)
    const there = roles.map((role) => ({ ...role, scopes: [`/subscriptions/${subscription}`] }))
    const accountId = await accountWith(here.api, here.world.cloud, there, subscription)
    return started(accountId, 'providers', { features: ['network', 'acr'] })
  }

  const keyed: Journey = async (accountId) => {
    const body = { resourceGroup: 'slipway', name: fresh('key') }
    return refusedIn(await here.api.call('POST', `/api/accounts/${accountId}/ssh-keys`, body))
  }

  /** Which of the two actions of a refusal it is depends on the registry. */
  async function cleanedIn(accountId: string, properties: object, named: RegExp): Promise<string | undefined> {
    const { cloud } = here.world
    const registry = await makeRegistry(cloud.url, armOf(cloud.url, cloud.landingZone), cloud.landingZone, fresh('cleaned'), {
      sku: 'Premium',
      properties,
    })
    await registry.seed('app', { tag: 'v' }, { count: 2 })
    const adoption = await here.api.call<{ registry: { id: string } }>('POST', '/api/registries', {
      armId: registry.armId,
      accountId,
      policy: atOnce,
    })
    if (adoption.code !== 201) return refusedIn(adoption)
    const path = `/api/registries/${adoption.payload.registry.id}`
    const asked =
      refusedIn(await here.api.call('GET', `${path}/storage`)) ??
      refusedIn(await here.api.call('PUT', `${path}/built-in-policy`, { days: 7, status: 'disabled' }))
    if (asked) return asked
    const run = await adopted(here.api, adoption.payload.registry.id).run()
    if (run.state === 'succeeded' && run.totals?.deleted === 2) return undefined
    type Result = { readonly problem?: { readonly message: string; readonly remedy?: string } }
    const { payload } = await here.api.call<{ repositories: readonly Result[] }>('GET', `${path}/runs/${run.id}/repositories`)
    const problem = run.problem ?? payload.repositories.find((one) => one.problem)?.problem
    const report = await adopted(here.api, adoption.payload.registry.id).report(run.id)
    const told = problem?.message ?? report.find(({ outcome }) => outcome === 'failed')?.problem
    return named.exec(told ?? '')?.[0] ?? JSON.stringify({ run, problem, report })
  }
  const cleaned: Journey = (accountId) => cleanedIn(accountId, {}, /Microsoft\.ContainerRegistry\/registries\/(pull|artifacts)\/\w+/)
  const cleanedByRepository: Journey = (accountId) =>
    cleanedIn(
      accountId,
      { roleAssignmentMode: 'AbacRepositoryPermissions' },
      /Microsoft\.ContainerRegistry\/registries\/(catalog|repositories\/\w+)\/\w+/,
    )

  return { prepared, registering, keyed, cleaned, cleanedByRepository }
}
