import { randomUUID } from 'node:crypto'
import type { RawResponse } from '../extension.ts'
import { json } from '../http/http-response.ts'
import { type ApiCall, empty, isFalse, message } from './api-call.ts'
import { showStatus } from './api-queries.ts'
import { instanceLinks } from './client-links.ts'
import type { Engine } from './engine.ts'
import { EventType, type HistoryEvent, stamp } from './history-event.ts'
import { isEnded, type NewInstance } from './instance.ts'
import { matchingIds, parseFilter, parseTime } from './instance-filter.ts'
import { alreadyExists } from './sub-orchestration.ts'

/** Characters, as the official host. */
const LONGEST_INSTANCE_ID = 100
/** Seconds that one request may wait for an orchestration to end. */
const LONGEST_WAIT = 230
/** Documents deleted at the same time. */
const PURGED_AT_ONCE = 16

export async function create(call: ApiCall, name: string, id: string): Promise<RawResponse> {
  const { request, engine, parameter } = call
  const instanceId = id || randomUUID().replaceAll('-', '')
  if (instanceId.length > LONGEST_INSTANCE_ID || /[\\#?\p{Cc}]/u.test(instanceId)) {
    return message(400, `Instance ids have at most ${LONGEST_INSTANCE_ID} characters and none of / \\ # ? or control characters.`)
  }
  // No input arrives as the empty text.
  const input = request.body.length === 0 ? '""' : jsonText(request.body)
  if (input === undefined)
    return message(500, 'Something went wrong while processing your request', { ExceptionMessage: 'The input is not JSON.' })
  const version = parameter('version')
  const refusal = await start(engine, { instanceId, name, input, ...(version !== undefined && { version }) })
  if (refusal) return refusal
  return parameter('timeout') === undefined ? created(call, instanceId) : awaitEnd(call, instanceId)
}

async function start(engine: Engine, creation: NewInstance): Promise<RawResponse | undefined> {
  const existing = await engine.create(creation)
  return existing && message(409, alreadyExists(existing))
}

function created({ links }: ApiCall, instanceId: string): RawResponse {
  const payload = instanceLinks(links, instanceId)
  const { headers, ...response } = json(202, payload)
  return { ...response, headers: { ...headers, location: payload.statusQueryGetUri, 'retry-after': '10' } }
}

/** `timeout` in seconds: the output if the orchestration ends in time, else what its creation answers. */
async function awaitEnd(call: ApiCall, instanceId: string): Promise<RawResponse> {
  const { engine, clock, parameter } = call
  const seconds = Math.min(Number(parameter('timeout')) || 0, LONGEST_WAIT)
  await new Promise<void>((resolve) => {
    const cancelTimeout = clock.after(seconds * 1000, () => {
      cancelWatch()
      resolve()
    })
    const cancelWatch = engine.whenEnded(instanceId, () => {
      cancelTimeout()
      resolve()
    })
  })
  const instance = await engine.get(instanceId)
  if (!instance || !isEnded(instance)) return created(call, instanceId)
  return instance.status === 'Completed' ? json(200, JSON.parse(instance.output ?? 'null')) : showStatus(call, instance)
}

export async function purgeOne({ engine }: ApiCall, instanceId: string): Promise<RawResponse> {
  if (await engine.purge(instanceId)) return json(200, { instancesDeleted: 1 })
  const instance = await engine.get(instanceId)
  return instance ? message(409, `An Orchestration instance with the status ${instance.status} cannot be purged.`) : empty(404)
}

export async function purgeMany({ engine, parameter }: ApiCall): Promise<RawResponse> {
  if (parseTime(parameter('createdTimeFrom')) === undefined) return json(400, "Please provide value for 'createdTimeFrom' parameter.")
  const ids = matchingIds(await engine.summaries(), parseFilter(parameter))
  let instancesDeleted = 0
  while (ids.length > 0) {
    const purged = await Promise.all(ids.splice(0, PURGED_AT_ONCE).map((id) => engine.purge(id)))
    instancesDeleted += purged.filter(Boolean).length
  }
  return instancesDeleted > 0 ? json(200, { instancesDeleted }) : empty(404)
}

export async function raiseEvent(call: ApiCall, instanceId: string, name: string): Promise<RawResponse> {
  const { body } = call.request
  const input = body.length === 0 ? null : jsonText(body)
  if (input === undefined) return message(400, 'Invalid JSON content')
  return sendEvent(call, instanceId, { EventType: EventType.EventRaised, ...stamp(call.clock.now()), Name: name, Input: input })
}

export function terminate(call: ApiCall, instanceId: string): Promise<RawResponse> {
  const reason = call.parameter('reason') ?? ''
  return sendEvent(call, instanceId, { EventType: EventType.ExecutionTerminated, ...stamp(call.clock.now()), Input: reason })
}

export async function pause(call: ApiCall, instanceId: string, verb: string): Promise<RawResponse> {
  const isSuspend = verb.toLowerCase() === 'suspend'
  const instance = await call.engine.get(instanceId)
  if (instance && !isEnded(instance) && (instance.status === 'Suspended') === isSuspend) {
    const ExceptionMessage = `Cannot ${verb.toLowerCase()} the orchestration instance ${instanceId} because instance is in the ${instance.status} state.`
    return message(500, 'Something went wrong while processing your request', { ExceptionMessage })
  }
  const event = isSuspend ? EventType.ExecutionSuspended : EventType.ExecutionResumed
  return sendEvent(call, instanceId, { EventType: event, ...stamp(call.clock.now()), Reason: call.parameter('reason') ?? '' })
}

export async function restart(call: ApiCall, instanceId: string): Promise<RawResponse> {
  const instance = await call.engine.get(instanceId)
  if (!instance) return empty(404)
  const newId = isFalse(call.parameter('restartWithNewInstanceId')) ? instanceId : randomUUID().replaceAll('-', '')
  const { name, input, version } = instance
  return (await start(call.engine, { instanceId: newId, name, input, version })) ?? created(call, newId)
}

const SENT = { taken: 202, ended: 410, unknown: 404 } as const

const sendEvent = async ({ engine }: ApiCall, instanceId: string, event: HistoryEvent) => empty(SENT[await engine.send(instanceId, event)])

/** The body if it is JSON. */
function jsonText(body: Buffer): string | undefined {
  const text = body.toString()
  try {
    JSON.parse(text)
    return text
  } catch {
    return undefined
  }
}
