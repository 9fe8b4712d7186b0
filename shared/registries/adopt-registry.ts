import * as z from 'zod'
import { chosenAccount } from '../accounts/accounts.ts'
import { answered } from '../azure/answered.ts'
import { secondsNow } from '../operations/operations.ts'
import { invalid, ProblemError } from '../problem.ts'
import type { RequestOrigin } from '../request-origin.ts'
import { forgetRegistry } from '../retention/memory.ts'
import { forgetAllPointers } from '../retention/pointers.ts'
import { defaultPolicy, type Policy, policySchema } from '../retention/policy.ts'
import { removeRuns } from '../retention/purge-runs.ts'
import { checkSchedule } from '../retention/schedule.ts'
import type { Services } from '../services.ts'
import { getArmRegistry, registryArmIdPattern } from './arm-registry.ts'
import { authentications, loginServerPattern, type Registry, registrySecret, skus } from './registry.ts'
import { findRegistry, getRegistry, insertRegistry, registryIdOf, removeRegistry, updateRegistry } from './registry-store.ts'

export const registryRequest = z
  .strictObject({
    armId: z.string().regex(registryArmIdPattern).exactOptional().describe('ARM id of the registry'),
    loginServer: z
      .string()
      .toLowerCase()
      .regex(loginServerPattern)
      .exactOptional()
      .describe('In place of the ARM id, e.g. example.azurecr.io'),
    sku: z.enum(skus).exactOptional().describe('Beside the login server: its limits depend on it; Standard unless told'),
    accountId: z.string().max(64).exactOptional(),
    authentication: z.enum(authentications).default('entra').describe('entra: as the account; basic: with a name and a password'),
    username: z.string().min(1).max(200).exactOptional(),
    password: z.string().min(1).max(2000).exactOptional().describe('Kept in the secret store'),
    policy: policySchema.exactOptional(),
  })
  .superRefine(({ armId, loginServer, sku, authentication, username, password }, context) => {
    if ((armId === undefined) === (loginServer === undefined))
      context.addIssue({ code: 'custom', path: ['armId'], message: 'give either the ARM id or the login server' })
    if (armId !== undefined && sku !== undefined)
      context.addIssue({ code: 'custom', path: ['sku'], message: 'Azure tells it where the ARM id is given' })
    if (authentication === 'basic' && (username === undefined || password === undefined))
      context.addIssue({ code: 'custom', path: ['username'], message: 'username and password are needed with basic' })
    for (const [member, given] of Object.entries({ username, password }))
      if (authentication === 'entra' && given !== undefined)
        context.addIssue({ code: 'custom', path: [member], message: 'has no meaning with entra' })
  })
export type RegistryRequest = z.output<typeof registryRequest>

export const registryPatch = z.strictObject({
  authentication: z.enum(authentications).exactOptional(),
  username: z.string().min(1).max(200).exactOptional(),
  password: z.string().min(1).max(2000).exactOptional(),
  retired: z.literal(false).exactOptional().describe('false: it is in Azure again'),
})
export type RegistryPatch = z.output<typeof registryPatch>

/** Checks what no schema can say, against Azure; nothing is written. A new registry begins in preview mode unless its policy says otherwise. */
export async function draftRegistry(services: Services, request: RegistryRequest): Promise<Registry> {
  const { armId, authentication, username, sku, policy = defaultPolicy() } = request
  checkPolicy(services, policy, 'policy.')
  const account = await chosenAccount(services, request.accountId)
  const clients = await services.azure.forAccount(account.id)
  const found = armId === undefined ? undefined : await answered(() => getArmRegistry(clients, armId))
  if (armId !== undefined && !found) invalid('armId', 'there is no such registry, or the account may not see it')
  const loginServer = (found?.properties.loginServer ?? request.loginServer ?? '').toLowerCase()
  if (!loginServerPattern.test(loginServer)) invalid('loginServer', 'this is no login server of a container registry')
  const now = secondsNow(services)
  return {
    id: registryIdOf(loginServer),
    name: found?.name ?? loginServer.slice(0, loginServer.indexOf('.')),
    loginServer,
    ...(sku && { sku }),
    ...(found && { armId: found.id, sku: found.sku.name }),
    accountId: account.id,
    authentication,
    ...(authentication === 'basic' && username !== undefined && { username }),
    policy,
    createdOn: now,
    scheduledFrom: now,
  }
}

export async function adoptRegistry(services: Services, request: RegistryRequest, origin: RequestOrigin): Promise<Registry> {
  const registry = await draftRegistry(services, request)
  const known = await findRegistry(services, registry.id)
  if (known && origin.resumed) return known
  if (known) throw adopted(known)
  // The secret first: a registry without one would be of no use, a secret without a registry is overwritten by the next attempt.
  if (request.password !== undefined) await services.secrets.put(registrySecret(registry.id), request.password)
  return insertRegistry(services, registry)
}

/** The registry as a patch would leave it; nothing is written. */
export async function draftChange(services: Services, id: string, patch: RegistryPatch): Promise<Registry> {
  const before = await getRegistry(services, id)
  const { username, password, authentication = before.authentication } = patch
  if (authentication === 'entra') {
    if (username !== undefined) invalid('username', 'has no meaning with entra')
    if (password !== undefined) invalid('password', 'has no meaning with entra')
  } else {
    if (username === undefined && before.username === undefined) invalid('username', 'is needed with basic')
    if (password === undefined && before.authentication === 'entra') invalid('password', 'is needed with basic')
  }
  return patched(before, patch)
}

export async function changeRegistry(services: Services, id: string, patch: RegistryPatch): Promise<Registry> {
  const { authentication } = await draftChange(services, id, patch)
  // A registry of either kind that stops halfway still finds the secret it needs.
  if (patch.password !== undefined) await services.secrets.put(registrySecret(id), patch.password)
  const changed = await updateRegistry(services, id, (registry) => patched(registry, patch))
  if (authentication === 'entra') await services.secrets.remove(registrySecret(id))
  services.registries.forget(id)
  return changed ?? getRegistry(services, id)
}

function patched({ username: former, retiredOn, ...registry }: Registry, patch: RegistryPatch): Registry {
  const { authentication = registry.authentication, username = former, retired } = patch
  return {
    ...registry,
    authentication,
    ...(authentication === 'basic' && username !== undefined && { username }),
    ...(retired === undefined && retiredOn !== undefined && { retiredOn }),
  }
}

/** The policy that takes the place of the one before. */
type PolicyChange = (before: Policy) => Policy

/** The registry as it would be with this policy; nothing is written. */
export async function draftPolicy(services: Services, id: string, change: PolicyChange): Promise<Registry> {
  const registry = await getRegistry(services, id)
  const policy = change(registry.policy)
  checkPolicy(services, policy)
  return governedBy(registry, policy, secondsNow(services))
}

export async function setPolicy(services: Services, id: string, change: PolicyChange): Promise<Registry> {
  const draft = await draftPolicy(services, id, change)
  const set = (registry: Registry) => governedBy(registry, change(registry.policy), secondsNow(services))
  return (await updateRegistry(services, id, set)) ?? draft
}

/** A schedule counts from when it was set: what it would have done before is not made up for. */
function governedBy(registry: Registry, policy: Policy, now: number): Registry {
  const isNew = JSON.stringify(policy.schedule) !== JSON.stringify(registry.policy.schedule)
  return { ...registry, policy, ...(isNew && { scheduledFrom: now }) }
}

/** `within`: where the policy stands in the request, e.g. `policy.`. */
function checkPolicy(services: Services, { schedule }: Policy, within = ''): void {
  if (schedule) checkSchedule(schedule, secondsNow(services), `${within}schedule`)
}

/** What would be forgotten; ProblemError `conflict` while a run is at work. */
export async function draftForgetting(services: Services, id: string): Promise<Registry> {
  const registry = await getRegistry(services, id)
  const { activeRun } = registry
  if (activeRun !== undefined)
    throw new ProblemError({
      code: 'conflict',
      message: 'A run is at work on the registry.',
      remedy: `Wait for it: GET /api/registries/${id}/runs/${activeRun}`,
      retryable: true,
    })
  return registry
}

/** The registry itself is not touched: it is only no longer kept clean. */
export async function forgetAdopted(services: Services, id: string): Promise<void> {
  await draftForgetting(services, id)
  await forgetRegistry(services, id)
  await forgetAllPointers(services, id)
  await removeRuns(services, id, () => true)
  await services.secrets.remove(registrySecret(id))
  services.registries.forget(id)
  await removeRegistry(services, id)
}

const adopted = ({ id, loginServer }: Registry) =>
  new ProblemError({
    code: 'conflict',
    message: `${loginServer} is adopted already.`,
    remedy: `GET /api/registries/${id}`,
    retryable: false,
  })
