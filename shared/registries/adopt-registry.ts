import { z } from 'zod'
import { chosenAccount } from '../accounts/accounts.ts'
import { secondsNow } from '../operations/operations.ts'
import { invalid, ProblemError } from '../problem.ts'
import type { RequestOrigin } from '../request-origin.ts'
import { forgetRegistry } from '../retention/memory.ts'
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
  checkPolicy(services, policy)
  const account = await chosenAccount(services, request.accountId)
  const found = armId === undefined ? undefined : await getArmRegistry(await services.azure.forAccount(account.id), armId)
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

export async function changeRegistry(services: Services, id: string, patch: RegistryPatch): Promise<Registry> {
  const { authentication, username, password, retired } = patch
  const before = await getRegistry(services, id)
  const next = authentication ?? before.authentication
  if (next === 'basic' && username === undefined && before.username === undefined) invalid('username', 'is needed with basic')
  if (next === 'entra' && password !== undefined) invalid('password', 'has no meaning with entra')
  if (next === 'basic' && password === undefined && before.authentication === 'entra') invalid('password', 'is needed with basic')
  if (password !== undefined) await services.secrets.put(registrySecret(id), password)
  if (next === 'entra') await services.secrets.remove(registrySecret(id))
  const changed = await updateRegistry(services, id, ({ username: former, retiredOn, ...registry }) => {
    const name = username ?? former
    return {
      ...registry,
      authentication: next,
      ...(next === 'basic' && name !== undefined && { username: name }),
      ...(retired === undefined && retiredOn !== undefined && { retiredOn }),
    }
  })
  services.registries.forget(id)
  return changed ?? getRegistry(services, id)
}

export async function setPolicy(services: Services, id: string, policy: Policy): Promise<Registry> {
  checkPolicy(services, policy)
  await getRegistry(services, id)
  const now = secondsNow(services)
  const changed = await updateRegistry(services, id, (registry) => ({
    ...registry,
    policy,
    // A schedule counts from when it was set: what it would have done before is not made up for.
    ...(JSON.stringify(policy.schedule) !== JSON.stringify(registry.policy.schedule) && { scheduledFrom: now }),
  }))
  return changed ?? getRegistry(services, id)
}

export function checkPolicy(services: Pick<Services, 'clock'>, { schedule }: Policy): void {
  if (schedule) checkSchedule(schedule, Math.floor(services.clock.now() / 1000))
}

/** The registry itself is not touched: it is only no longer kept clean. */
export async function forgetAdopted(services: Services, id: string): Promise<void> {
  const { activeRun } = await getRegistry(services, id)
  if (activeRun !== undefined)
    throw new ProblemError({
      code: 'conflict',
      message: 'A run is at work on the registry.',
      remedy: `Wait for it: GET /api/registries/${id}/runs/${activeRun}`,
      retryable: true,
    })
  await forgetRegistry(services, id)
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
