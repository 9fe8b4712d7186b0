import * as z from 'zod'
import { listAccounts } from '../accounts/accounts.ts'
import { parseArmId } from '../azure/arm-id.ts'
import { everyRow } from '../operations/every-row.ts'
import { secondsNow } from '../operations/operations.ts'
import { ProblemError } from '../problem.ts'
import { enterPointer } from '../retention/pointers.ts'
import { defaultPolicy } from '../retention/policy.ts'
import type { Services } from '../services.ts'
import { type ArmRegistry, getArmRegistry, isSameRegistry, registryArmIdPattern } from './arm-registry.ts'
import { loginServerPattern, type Registry, repositoryPattern } from './registry.ts'
import { findRegistry, insertRegistry, listRegistries, registryIdOf, updateRegistry } from './registry-store.ts'

/** A tag on a registry in Azure by which it asks to be adopted. */
export const ENROLMENT_TAG = 'slipway-retention'

const repositoryName = z.string().max(256).regex(repositoryPattern)

/** What both schemas of events have, under either's names. Only what is used: the rest may hold personal data. */
const eventSchema = z.object({
  eventType: z.string().optional(),
  type: z.string().optional(),
  eventTime: z.string().optional(),
  time: z.string().optional(),
  subject: z.string().optional(),
  data: z.record(z.string(), z.unknown()).optional(),
})

const imageSchema = z.object({ target: z.object({ repository: repositoryName }), request: z.object({ host: z.string() }) })
const resourceSchema = z.object({ resourceUri: z.string().max(1000), operationName: z.string() })

/**
 * Takes one event of Event Grid, in its own schema or as a CloudEvent. Events are hints: what they lead to is looked up, so that duplicates,
 * disorder and forgeries do no harm. What cannot be read is logged and dropped; it would not become readable by being delivered again.
 */
export async function takeEvent(services: Services, raw: unknown): Promise<void> {
  const parsed = eventSchema.safeParse(raw)
  const kind = parsed.data?.eventType ?? parsed.data?.type ?? ''
  // Some of the documentation writes the names without their prefix.
  if (/^(Microsoft\.ContainerRegistry\.)?Image(Pushed|Deleted)$/.test(kind))
    return takeImage(services, parsed.data?.data, timeOf(parsed.data))
  if (/^Microsoft\.Resources\.Resource(Write|Delete)Success$/.test(kind)) return takeResource(services, parsed.data?.data)
  if (!parsed.success) services.log('registry-event-refused', { error: 'not an event' })
}

/** Epoch seconds. */
function timeOf({ eventTime, time }: z.output<typeof eventSchema> = {}): number | undefined {
  const ms = Date.parse(eventTime ?? time ?? '')
  return Number.isNaN(ms) ? undefined : Math.floor(ms / 1000)
}

/** A tag that moves is no event of its own; a push says that one may have. */
async function takeImage(services: Services, data: unknown, eventOn: number | undefined): Promise<void> {
  const image = imageSchema.safeParse(data)
  if (!image.success) return services.log('registry-event-refused', { error: 'an image event without repository or host' })
  const registry = await findRegistry(services, registryIdOf(image.data.request.host))
  if (!registry || registry.retiredOn !== undefined) return
  const now = secondsNow(services)
  const { repository } = image.data.target
  await enterPointer(services, registry.id, { repository, eventOn: Math.min(eventOn ?? now, now), heardOn: now })
}

/**
 * A registry was made, changed or removed, or the resource group that it may have been in. Not the event but ARM says which:
 * events come late and in any order.
 */
async function takeResource(services: Services, data: unknown): Promise<void> {
  const resource = resourceSchema.safeParse(data)
  if (!resource.success) return
  const { operationName, resourceUri } = resource.data
  const isGone = /\/delete$/i.test(operationName)
  if (/^Microsoft\.ContainerRegistry\/registries\/(write|delete)$/i.test(operationName)) {
    if (registryArmIdPattern.test(resourceUri)) await lookAtRegistry(services, resourceUri, isGone)
  } else if (/^Microsoft\.Resources\/subscriptions\/resourceGroups\/delete$/i.test(operationName)) {
    const within = `${resourceUri.toLowerCase()}/`
    for (const { armId } of await allRegistries(services))
      if (armId?.toLowerCase().startsWith(within)) await lookAtRegistry(services, armId, isGone)
  }
}

const allRegistries = (services: Services) => everyRow((page) => listRegistries(services, page))

/** Adopts, retires or takes back a registry, as what ARM says of it wants. */
async function lookAtRegistry(services: Services, armId: string, isGone: boolean): Promise<void> {
  const known = (await allRegistries(services)).find((one) => isSameRegistry(one.armId, armId))
  const { subscriptionId } = parseArmId(armId)
  const accounts = await listAccounts(services)
  const account = accounts.find((one) =>
    known ? one.id === known.accountId : one.subscriptionId.toLowerCase() === subscriptionId.toLowerCase(),
  )
  if (!account) return
  const clients = await services.azure.forAccount(account.id)
  const found = await getArmRegistry(clients, armId).catch((error: unknown) => {
    // With a registry go the roles that were assigned at it: ARM no longer tells the app even that it is gone.
    if (isGone && error instanceof ProblemError && error.problem.code === 'permission') return undefined
    throw error
  })
  if (known) return keepUp(services, known, found)
  if (found && asksForAdoption(services, found)) await enrol(services, found, account.id)
}

async function keepUp(services: Services, known: Registry, found: ArmRegistry | undefined): Promise<void> {
  if (!found) {
    if (known.retiredOn !== undefined) return
    await updateRegistry(services, known.id, (registry) => ({ ...registry, retiredOn: secondsNow(services) }))
    services.log('registry-retired', { registry: known.id, name: known.name })
    return
  }
  if (known.retiredOn === undefined && known.sku === found.sku.name) return
  await updateRegistry(services, known.id, ({ retiredOn: _, ...registry }) => ({ ...registry, sku: found.sku.name }))
}

/** Whether a registry that nobody adopted is adopted by itself. */
export function asksForAdoption(
  { settings }: { readonly settings: Pick<Services['settings'], 'registryEnrolment'> },
  { tags }: Pick<ArmRegistry, 'tags'>,
): boolean {
  if (settings.registryEnrolment === 'all') return true
  return settings.registryEnrolment === 'tagged' && tags?.[ENROLMENT_TAG] !== undefined && tags[ENROLMENT_TAG] !== 'false'
}

async function enrol(services: Services, { id, name, sku, properties }: ArmRegistry, accountId: string): Promise<void> {
  const loginServer = properties.loginServer.toLowerCase()
  if (!loginServerPattern.test(loginServer)) return
  const now = secondsNow(services)
  const registry: Registry = {
    id: registryIdOf(loginServer),
    name,
    loginServer,
    armId: id,
    sku: sku.name,
    accountId,
    authentication: 'entra',
    policy: defaultPolicy(),
    createdOn: now,
    scheduledFrom: now,
  }
  try {
    await insertRegistry(services, registry)
    services.log('registry-enrolled', { registry: registry.id, name })
  } catch (error) {
    // Somebody was faster, or it is adopted by its login server: that is what was wanted.
    if (!(error instanceof ProblemError) || error.problem.code !== 'conflict') throw error
  }
}
