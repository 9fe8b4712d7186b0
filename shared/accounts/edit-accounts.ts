import { createHash } from 'node:crypto'
import { listBackups } from '../backups/backup.ts'
import { isNameHeld } from '../clusters/name-store.ts'
import { everyRow } from '../operations/every-row.ts'
import { invalid, ProblemError } from '../problem.ts'
import { listRegistries } from '../registries/registry-store.ts'
import type { RequestOrigin } from '../request-origin.ts'
import type { Services } from '../services.ts'
import { update } from '../storage/update.ts'
import { type Account, accountSecret } from './account.ts'
import { ACCOUNT_PARTITION, accountTable, DEFAULT_ACCOUNT, findAccount } from './accounts.ts'
import type { AccountRequest } from './wire.ts'

type World = Pick<Services, 'tables' | 'settings' | 'secrets' | 'clock' | 'azure'>

/** Lower-case hexadecimal; the same for every attempt of one request. */
const idFrom = ({ id }: RequestOrigin): string => createHash('sha256').update(id).digest('hex').slice(0, 16)

/** ProblemError `not-found` where there is none of this id. */
export async function getAccount(services: World, id: string): Promise<Account> {
  const account = await findAccount(services, id)
  if (!account) throw absent(id)
  return account
}

/** Checks what no schema can say; nothing is written. */
export function draftAccount(services: World, { clientSecret, ...request }: AccountRequest, origin: RequestOrigin): Account {
  if (request.credential === 'client-secret' && clientSecret === undefined) invalid('clientSecret', 'is needed with client-secret')
  return { id: idFrom(origin), ...request, createdOn: Math.floor(services.clock.now() / 1000), revision: idFrom(origin) }
}

export async function createAccount(services: World, request: AccountRequest, origin: RequestOrigin): Promise<Account> {
  const account = draftAccount(services, request, origin)
  const earlier = origin.resumed ? await findAccount(services, account.id) : undefined
  if (earlier) return earlier
  // The secret first: an account without one would be of no use, a secret without an account is overwritten by the next attempt.
  if (request.clientSecret !== undefined) await services.secrets.put(accountSecret(account.id), request.clientSecret)
  return (await accountTable(services).insert(ACCOUNT_PARTITION, account.id, account)).value
}

/** The account as an update would leave it. Clusters name their subscription in all their ids: it cannot change under them. */
export async function draftAccountUpdate(services: World, id: string, request: AccountRequest, origin: RequestOrigin): Promise<Account> {
  const { clientSecret, ...given } = request
  const before = editable(await getAccount(services, id))
  if (given.subscriptionId !== before.subscriptionId && (await isInUse(services, id))) throw inUse('Its subscription cannot change')
  if (given.credential === 'client-secret' && clientSecret === undefined && before.credential !== 'client-secret')
    invalid('clientSecret', 'is needed with client-secret')
  return { id, ...given, createdOn: before.createdOn, revision: idFrom(origin) }
}

export async function updateAccount(services: World, id: string, request: AccountRequest, origin: RequestOrigin): Promise<Account> {
  const draft = await draftAccountUpdate(services, id, request, origin)
  if (request.clientSecret !== undefined) await services.secrets.put(accountSecret(id), request.clientSecret)
  const changed = await update(accountTable(services), ACCOUNT_PARTITION, id, ({ leaving, activeOperation }) => ({
    ...draft,
    ...(leaving && { leaving }),
    ...(activeOperation !== undefined && { activeOperation }),
  }))
  if (!changed) throw absent(id)
  if (request.credential !== 'client-secret') await services.secrets.remove(accountSecret(id))
  services.azure.forget(id)
  return changed.value
}

/** Whether it could be removed now; ProblemError `conflict` where clusters use it. */
export async function draftAccountDeletion(services: World, id: string): Promise<void> {
  idle(editable(await getAccount(services, id)))
  if (await isInUse(services, id)) throw inUse('It cannot be removed')
}

/**
 * Marks it as leaving before it looks for clusters; a creation claims its name before it looks for the mark.
 * So of a removal and a creation at the same time one sees the other.
 */
export async function deleteAccount(services: World, id: string): Promise<void> {
  editable(await getAccount(services, id))
  await update(accountTable(services), ACCOUNT_PARTITION, id, (account) => ({ ...idle(account), leaving: true as const }))
  if (await isInUse(services, id)) {
    await update(accountTable(services), ACCOUNT_PARTITION, id, ({ leaving: _, ...account }) => account)
    throw inUse('It cannot be removed')
  }
  await accountTable(services).remove(ACCOUNT_PARTITION, id)
  await services.secrets.remove(accountSecret(id))
  services.azure.forget(id)
}

/** Every cluster of an account holds a name in it; a backup needs it to be restored or deleted, a registry to be cleaned. */
async function isInUse(services: World, id: string): Promise<boolean> {
  if (await isNameHeld(services, id)) return true
  const [backups, registries] = await Promise.all([listBackups(services), everyRow((page) => listRegistries(services, page))])
  return [...backups, ...registries].some(({ accountId }) => accountId === id)
}

function editable(account: Account): Account {
  if (account.id !== DEFAULT_ACCOUNT) return account
  throw new ProblemError({
    code: 'conflict',
    message: "The account default is connected by the app's settings.",
    remedy: 'Change SLIPWAY_SUBSCRIPTION_ID and the settings beside it, or connect another account.',
    retryable: false,
  })
}

/** What sets it up would go on without a credential. */
function idle(account: Account): Account {
  if (account.activeOperation === undefined) return account
  throw new ProblemError({
    code: 'conflict',
    message: 'The account is being set up.',
    remedy: `Wait until it is, or cancel it: POST /api/operations/${account.activeOperation}/cancel`,
    retryable: true,
  })
}

const absent = (id: string) => new ProblemError({ code: 'not-found', message: `There is no account ${id.slice(0, 64)}.`, retryable: false })

const inUse = (what: string) =>
  new ProblemError({
    code: 'conflict',
    message: `Clusters, backups or registries use the account. ${what}.`,
    remedy:
      'Terminate its clusters, delete its backups and let go of its registries first: GET /api/clusters, /api/backups and /api/registries list them.',
    retryable: false,
  })
