import { randomUUID } from 'node:crypto'
import type { Clock } from '../../clock.ts'
import type { RawRequest, RawResponse } from '../extension.ts'
import { json } from '../http/http-response.ts'
import { type ClientLinks, instanceLinks } from './client-links.ts'
import { alreadyExists, type Engine } from './engine.ts'
import { EventType, type HistoryEvent, stamp } from './history-event.ts'
import { type Instance, isEnded, type NewInstance } from './instance.ts'
import { matchingIds, parseFilter, parseTime } from './instance-filter.ts'
import { instanceStatus } from './instance-status.ts'

/** What a durable client can ask for; the same below the webhook base and on the port of its own. */
export type HttpApi = (request: RawRequest, links: ClientLinks) => Promise<RawResponse>

export interface HttpApiOptions {
  /** Undefined until this host owns the task hub. */
  readonly engine: () => Engine | undefined
  readonly clock: Clock
}

/** Instances of one page when `top` does not say less; a caller follows `x-ms-continuation-token`. */
const LARGEST_PAGE = 100
/** Characters, as the official host. */
const LONGEST_INSTANCE_ID = 100
/** Seconds that one request may wait for an orchestration to end. */
const LONGEST_WAIT = 230
/** Documents deleted at the same time. */
const PURGED_AT_ONCE = 16

const EMPTY = (status: number): RawResponse => ({ status })
const message = (status: number, text: string, details = {}) => json(status, { Message: text, ...details })

/** Everything an answer needs. */
interface Call {
  readonly request: RawRequest
  readonly links: ClientLinks
  readonly engine: Engine
  readonly clock: Clock
  readonly parameter: (name: string) => string | undefined
}

type Handler = (call: Call, first: string, second: string) => Promise<RawResponse> | RawResponse

const notSupported: Handler = () => message(501, 'This is not supported by the embedded host.')

/** First fit wins. */
const ROUTES: readonly (readonly [method: string, path: RegExp, handler: Handler])[] = [
  ['POST', /^orchestrators\/([^/]+)(?:\/([^/]+))?$/i, create],
  ['GET', /^instances\/?$/i, list],
  ['DELETE', /^instances\/?$/i, purgeMany],
  ['GET', /^instances\/([^/]+)$/i, status],
  ['DELETE', /^instances\/([^/]+)$/i, purgeOne],
  ['POST', /^instances\/([^/]+)\/raiseEvent\/([^/]+)$/i, raiseEvent],
  ['POST', /^instances\/([^/]+)\/terminate$/i, terminate],
  ['POST', /^instances\/([^/]+)\/(suspend|resume)$/i, pause],
  ['POST', /^instances\/([^/]+)\/restart$/i, restart],
  ['POST', /^instances\/([^/]+)\/rewind$/i, notSupported],
  ['GET', /^entities(?:\/.*)?$/i, notSupported],
  ['POST', /^entities\/.+$/i, notSupported],
  ['DELETE', /^entities\/.+$/i, notSupported],
]

export function httpApi({ engine: current, clock }: HttpApiOptions): HttpApi {
  return async (request, links) => {
    const engine = current()
    if (!engine) return { status: 503, headers: { 'retry-after': '1' } }
    const query = new Map([...request.url.searchParams].map(([name, value]) => [name.toLowerCase(), value]))
    const call: Call = { request, links, engine, clock, parameter: (name) => query.get(name.toLowerCase()) }
    for (const [method, path, handler] of ROUTES) {
      const match = method === request.method ? path.exec(request.path) : null
      if (match) return handler(call, match[1] ?? '', match[2] ?? '')
    }
    return EMPTY(404)
  }
}

async function create(call: Call, name: string, id: string): Promise<RawResponse> {
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

function created({ links }: Call, instanceId: string): RawResponse {
  const payload = instanceLinks(links, instanceId)
  const { headers, ...response } = json(202, payload)
  return { ...response, headers: { ...headers, location: payload.statusQueryGetUri, 'retry-after': '10' } }
}

/** `timeout` in seconds: the output if the orchestration ends in time, else what its creation answers. */
async function awaitEnd(call: Call, instanceId: string): Promise<RawResponse> {
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

async function status(call: Call, instanceId: string): Promise<RawResponse> {
  const instance = await call.engine.get(instanceId)
  return instance ? showStatus(call, instance) : EMPTY(404)
}

function showStatus(call: Call, instance: Instance): RawResponse {
  const { links, request, parameter } = call
  const content = instanceStatus(instance, {
    showInput: !isFalse(parameter('showInput')),
    showHistory: isTrue(parameter('showHistory')),
    showHistoryOutput: isTrue(parameter('showHistoryOutput')),
  })
  if (isEnded(instance)) {
    const isServerError = instance.status === 'Failed' && isTrue(parameter('returnInternalServerErrorOnFailure'))
    return json(isServerError ? 500 : 200, content)
  }
  const { headers, ...response } = json(202, content)
  const location = `${links.base}/instances/${instance.instanceId}${request.url.search}`
  return { ...response, headers: { ...headers, location, 'retry-after': '5' } }
}

async function list({ engine, parameter, request }: Call): Promise<RawResponse> {
  const ids = matchingIds(await engine.summaries(), parseFilter(parameter))
  const last = Buffer.from(request.headers['x-ms-continuation-token'] ?? '', 'base64').toString()
  const rest = last === '' ? ids : ids.slice(ids.findIndex((id) => id > last) >>> 0)
  const page = rest.slice(0, pageSize(parameter('top')))
  const instances = await Promise.all(page.map((id) => engine.get(id)))
  const options = { showInput: !isFalse(parameter('showInput')), showHistory: false, showHistoryOutput: false }
  const { headers, ...response } = json(
    200,
    instances.flatMap((instance) => (instance ? instanceStatus(instance, options) : [])),
  )
  const token = page.length < rest.length ? { 'x-ms-continuation-token': Buffer.from(page.at(-1) ?? '').toString('base64') } : {}
  return { ...response, headers: { ...headers, ...token } }
}

function pageSize(top: string | undefined): number {
  const wanted = Number(top)
  return Number.isInteger(wanted) && wanted > 0 ? Math.min(wanted, LARGEST_PAGE) : LARGEST_PAGE
}

async function purgeOne({ engine }: Call, instanceId: string): Promise<RawResponse> {
  if (await engine.purge(instanceId)) return json(200, { instancesDeleted: 1 })
  const instance = await engine.get(instanceId)
  return instance ? message(409, `An Orchestration instance with the status ${instance.status} cannot be purged.`) : EMPTY(404)
}

async function purgeMany({ engine, parameter }: Call): Promise<RawResponse> {
  if (parseTime(parameter('createdTimeFrom')) === undefined) return json(400, "Please provide value for 'createdTimeFrom' parameter.")
  const ids = matchingIds(await engine.summaries(), parseFilter(parameter))
  let instancesDeleted = 0
  while (ids.length > 0) {
    const purged = await Promise.all(ids.splice(0, PURGED_AT_ONCE).map((id) => engine.purge(id)))
    instancesDeleted += purged.filter(Boolean).length
  }
  return instancesDeleted > 0 ? json(200, { instancesDeleted }) : EMPTY(404)
}

async function raiseEvent(call: Call, instanceId: string, name: string): Promise<RawResponse> {
  const { body } = call.request
  const input = body.length === 0 ? null : jsonText(body)
  if (input === undefined) return message(400, 'Invalid JSON content')
  return sendEvent(call, instanceId, { EventType: EventType.EventRaised, ...stamp(call.clock.now()), Name: name, Input: input })
}

function terminate(call: Call, instanceId: string): Promise<RawResponse> {
  const reason = call.parameter('reason') ?? ''
  return sendEvent(call, instanceId, { EventType: EventType.ExecutionTerminated, ...stamp(call.clock.now()), Input: reason })
}

async function pause(call: Call, instanceId: string, verb: string): Promise<RawResponse> {
  const isSuspend = verb.toLowerCase() === 'suspend'
  const instance = await call.engine.get(instanceId)
  if (instance && !isEnded(instance) && (instance.status === 'Suspended') === isSuspend) {
    const ExceptionMessage = `Cannot ${verb.toLowerCase()} the orchestration instance ${instanceId} because instance is in the ${instance.status} state.`
    return message(500, 'Something went wrong while processing your request', { ExceptionMessage })
  }
  const event = isSuspend ? EventType.ExecutionSuspended : EventType.ExecutionResumed
  return sendEvent(call, instanceId, { EventType: event, ...stamp(call.clock.now()), Reason: call.parameter('reason') ?? '' })
}

async function restart(call: Call, instanceId: string): Promise<RawResponse> {
  const instance = await call.engine.get(instanceId)
  if (!instance) return EMPTY(404)
  const newId = isFalse(call.parameter('restartWithNewInstanceId')) ? instanceId : randomUUID().replaceAll('-', '')
  const { name, input, version } = instance
  return (await start(call.engine, { instanceId: newId, name, input, version })) ?? created(call, newId)
}

const SENT = { taken: 202, ended: 410, unknown: 404 } as const

const sendEvent = async ({ engine }: Call, instanceId: string, event: HistoryEvent) => EMPTY(SENT[await engine.send(instanceId, event)])

const isTrue = (value: string | undefined) => value?.toLowerCase() === 'true'
const isFalse = (value: string | undefined) => value?.toLowerCase() === 'false'

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
