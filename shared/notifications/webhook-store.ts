import { randomBytes } from 'node:crypto'
import * as z from 'zod'
import { everyRow } from '../operations/every-row.ts'
import { secondsNow } from '../operations/operations.ts'
import { ProblemError } from '../problem.ts'
import type { Services } from '../services.ts'

/** Somebody's address that is told of notifications. What its deliveries are signed with lies in the secret store. */
const webhookSchema = z.strictObject({
  id: z.string(),
  url: z.string(),
  createdBy: z.string(),
  /** Epoch seconds. */
  createdOn: z.number(),
})
export type Webhook = Readonly<z.output<typeof webhookSchema>>

/** A delivery that was given up. */
const deadLetterSchema = z.strictObject({
  id: z.string(),
  webhookId: z.string(),
  notificationId: z.string(),
  attempts: z.number(),
  error: z.string(),
  /** Epoch seconds. */
  failedOn: z.number(),
})
export type DeadLetter = Readonly<z.output<typeof deadLetterSchema>>

type World = Pick<Services, 'tables'>

const WEBHOOK = 'webhook'
const DEAD = 'dead'
const MOST_WEBHOOKS = 100

const webhookTable = ({ tables }: World) => tables.table('webhooks', webhookSchema)
const deadLetterTable = ({ tables }: World) => tables.table('deadletters', deadLetterSchema)
const secretOf = (id: string) => `webhook-${id}`

export const listWebhooks = (world: World): Promise<readonly Webhook[]> => everyRow((page) => webhookTable(world).list(WEBHOOK, page))

export const findWebhook = async (world: World, id: string): Promise<Webhook | undefined> =>
  (await webhookTable(world).get(WEBHOOK, id))?.value

/** What would be made; ProblemError where there are too many. */
export async function draftWebhook(services: World, url: string, createdBy: string): Promise<Pick<Webhook, 'url' | 'createdBy'>> {
  if ((await listWebhooks(services)).length >= MOST_WEBHOOKS)
    throw new ProblemError({
      code: 'conflict',
      message: `There are ${MOST_WEBHOOKS} webhooks already.`,
      remedy: 'Remove one first.',
      retryable: false,
    })
  return { url, createdBy }
}

/** With the secret that signs its deliveries, which is shown this once. */
export async function createWebhook(services: Services, url: string, createdBy: string): Promise<Webhook & { readonly secret: string }> {
  const draft = await draftWebhook(services, url, createdBy)
  const webhook = { id: randomBytes(8).toString('hex'), ...draft, createdOn: secondsNow(services) }
  const secret = randomBytes(32).toString('base64url')
  await services.secrets.put(secretOf(webhook.id), secret)
  await webhookTable(services).insert(WEBHOOK, webhook.id, webhook)
  return { ...webhook, secret }
}

export const webhookSecret = ({ secrets }: Pick<Services, 'secrets'>, id: string): Promise<string | undefined> => secrets.get(secretOf(id))

/** ProblemError `not-found` where there is none. */
export async function getWebhook(world: World, id: string): Promise<Webhook> {
  const webhook = await findWebhook(world, id)
  if (!webhook) throw new ProblemError({ code: 'not-found', message: 'There is no such webhook.', retryable: false })
  return webhook
}

export async function removeWebhook(services: Services, id: string): Promise<void> {
  await getWebhook(services, id)
  await webhookTable(services).remove(WEBHOOK, id)
  await services.secrets.remove(secretOf(id))
}

/** Newest first. */
export async function listDeadLetters(world: World): Promise<readonly DeadLetter[]> {
  const letters = await everyRow((page) => deadLetterTable(world).list(DEAD, page))
  return letters.toSorted((a, b) => b.failedOn - a.failedOn)
}

export const putDeadLetter = (world: World, letter: DeadLetter) => deadLetterTable(world).upsert(DEAD, letter.id, letter)

/** ProblemError `not-found` where it is not on the list. */
export async function getDeadLetter(world: World, id: string): Promise<DeadLetter> {
  const stored = await deadLetterTable(world).get(DEAD, id)
  if (!stored) throw new ProblemError({ code: 'not-found', message: 'There is no such dead letter.', retryable: false })
  return stored.value
}

export const removeDeadLetter = (world: World, id: string): Promise<void> => deadLetterTable(world).remove(DEAD, id)
