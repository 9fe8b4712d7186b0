import * as z from 'zod'
import { ProblemError } from '../problem.ts'
import type { Services } from '../services.ts'
import { findCluster } from './cluster-store.ts'

const nameSchema = z.strictObject({ clusterId: z.string(), /** Epoch milliseconds. */ since: z.number() })

/** A claim whose cluster was never written is given up for lost after this long, milliseconds. */
const LOST_AFTER = 5 * 60_000

type World = Pick<Services, 'tables' | 'clock'>

const nameTable = ({ tables }: World) => tables.table('names', nameSchema)

/** VM names derive from the cluster's name, and Azure compares them without regard to case. */
const rowOf = (name: string) => name.toLowerCase()

/** ProblemError `conflict` where the name is taken now. */
export async function checkName(world: World, accountId: string, name: string): Promise<void> {
  const stored = await nameTable(world).get(accountId, rowOf(name))
  if (stored && (await isHeld(world, stored.value))) throw taken(name)
}

/** A name belongs to one cluster of an account; ProblemError `conflict` where it is taken. */
export async function claimName(world: World, accountId: string, name: string, clusterId: string): Promise<void> {
  const table = nameTable(world)
  const value = { clusterId, since: world.clock.now() }
  const stored = await table.get(accountId, rowOf(name))
  if (stored?.value.clusterId === clusterId) return
  if (stored && (await isHeld(world, stored.value))) throw taken(name)
  try {
    await (stored ? table.replace(stored, value) : table.insert(accountId, rowOf(name), value))
  } catch (error) {
    throw error instanceof ProblemError && error.problem.code === 'conflict' ? taken(name) : error
  }
}

/** Whether any name of the account is held by a cluster, or by one that is just being made. */
export async function isNameHeld(world: World, accountId: string): Promise<boolean> {
  let continuation: string | undefined
  do {
    const page = await nameTable(world).list(accountId, continuation === undefined ? {} : { continuation })
    for (const { value } of page.items) if (await isHeld(world, value)) return true
    continuation = page.continuation
  } while (continuation !== undefined)
  return false
}

async function isHeld(world: World, claim: z.output<typeof nameSchema>): Promise<boolean> {
  if (world.clock.now() - claim.since < LOST_AFTER) return true
  return (await findCluster(world, claim.clusterId)) !== undefined
}

const taken = (name: string) =>
  new ProblemError({
    code: 'conflict',
    field: 'cluster.name',
    message: `There is a cluster named ${name} already.`,
    remedy: 'Choose another name, or terminate that cluster first.',
    retryable: false,
  })

/** Frees the name where it still belongs to this cluster. */
export async function freeName(world: World, accountId: string, name: string, clusterId: string): Promise<void> {
  const table = nameTable(world)
  const stored = await table.get(accountId, rowOf(name))
  if (stored?.value.clusterId === clusterId) await table.remove(accountId, rowOf(name), stored.etag)
}
