import type { Call } from '../provider.ts'
import { actionName, actOnResource } from './act-on-resource.ts'
import { checkApiVersion, checkEndpointVersion } from './api-version.ts'
import type { Arm, ArmRequest, ArmResponse } from './arm.ts'
import { ArmError } from './arm-error.ts'
import { authorizationFailed, checkAccess } from './authorization.ts'
import { answerPoll, parsePoll } from './polling.ts'
import { listResources, readResource } from './read-resources.ts'
import { requireRegistration } from './registration.ts'
import { removeResource } from './remove-resource.ts'
import { requireSubscription } from './subscription.ts'
import { parseTarget, type Target } from './target.ts'
import { throttled } from './throttle.ts'
import { writeResource } from './write-resource.ts'

/** The fault plan wants the connection cut, before anything was done or after everything was. */
export class ConnectionCut extends Error {
  override name = 'ConnectionCut'
}

/** A request that has been understood: what RBAC and the fault plan call it, and how to carry it out. */
interface Job {
  operation: string
  /** Id at which RBAC is asked; undefined where the handler itself looks. */
  scope: string | undefined
  run: (fault: Call['fault']) => ArmResponse
}

/** Answers one ARM request; throws ArmError for every refusal. `onOperation` is told its name as soon as that is known. */
export function handleArm(arm: Arm, request: ArmRequest, onOperation: (operation: string) => void): ArmResponse {
  const { azure } = arm
  const subscription = /^\/subscriptions\/([^/]+)/i.exec(request.path)?.[1]
  if (subscription !== undefined) requireSubscription(azure, subscription)
  const poll = parsePoll(request.path)
  if (poll) {
    onOperation('operations/read')
    applyFaults(arm, request, 'operations/read', request.path)
    const answer = answerPoll(arm, request, poll)
    cutWhenLost(arm, request, 'operations/read')
    return answer
  }
  const job = jobOf(arm, request)
  if (!job) throw new ArmError(404, 'NotFound', `The resource at '${request.path.slice(0, 500)}' was not found.`)
  onOperation(job.operation)
  const scope = job.scope ?? (subscription ? `/subscriptions/${subscription}` : '/')
  applyFaults(arm, request, job.operation, scope)
  if (job.scope !== undefined) checkAccess(azure, request.caller, job.operation, job.scope)
  const at = { operation: job.operation, path: request.path, method: request.method }
  const fault = azure.strikes('quota', at) ?? azure.strikes('capacity', at)
  const answer = azure.change(() => job.run(fault))
  cutWhenLost(arm, request, job.operation)
  return answer
}

function jobOf(arm: Arm, request: ArmRequest): Job | undefined {
  const { registry } = arm
  const found = registry.endpoint(request.method, request.path)
  if (found) {
    const { endpoint, params } = found
    checkEndpointVersion(endpoint.apiVersions, request.apiVersion)
    return {
      operation: endpoint.action ?? `${request.method} ${endpoint.path}`,
      scope: endpoint.action === undefined ? undefined : scopeOfEndpoint(request.path, params),
      run: () => ({ status: 200, ...endpoint.handle({ ...request, azure: arm.azure, params }) }),
    }
  }
  const target = parseTarget(registry, request.method, request.path)
  if (!target) return undefined
  checkApiVersion(target.known, request.apiVersion, requestedLocation(request))
  return targetJob(arm, request, target)
}

function targetJob(arm: Arm, request: ArmRequest, target: Target): Job {
  const { known } = target
  if (target.kind === 'collection') {
    if (request.method !== 'GET')
      throw new ArmError(405, 'HttpMethodNotAllowed', `The HTTP method '${request.method}' is not supported here.`)
    const scope = target.scopeKind === 'subscription' ? undefined : target.scope
    return { operation: `${known.type}/read`, scope, run: () => listResources(arm, request, target) }
  }
  const scope = target.id.id
  if (target.kind === 'action') {
    const run = (fault: Call['fault']) => {
      requireRegistration(arm, known.provider.namespace, target.id.subscriptionId)
      return actOnResource(arm, request, target, fault)
    }
    return { operation: actionName(target), scope, run }
  }
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return { operation: `${known.type}/read`, scope, run: () => readResource(arm, request, known, target.id) }
    case 'DELETE':
      return { operation: `${known.type}/delete`, scope, run: (fault) => removeResource(arm, request, known, target.id, fault) }
    case 'PUT':
    case 'PATCH':
      return {
        operation: `${known.type}/write`,
        scope,
        run: (fault) => {
          requireRegistration(arm, known.provider.namespace, target.id.subscriptionId)
          return writeResource(arm, request, known, target.id, fault)
        },
      }
    case 'POST':
      throw new ArmError(405, 'HttpMethodNotAllowed', `The HTTP method 'POST' is not supported at scope '${scope}'.`)
  }
}

function requestedLocation(request: ArmRequest): string | undefined {
  const location = request.body.location
  return request.method === 'PUT' && typeof location === 'string' ? location : undefined
}

/** A resource scope in front of an extension's path, else the group or subscription that the path is in. */
function scopeOfEndpoint(path: string, params: Readonly<Record<string, string>>): string {
  if (params.scope !== undefined) return params.scope || '/'
  return /^\/subscriptions\/[^/]+(\/resourcegroups\/[^/]+)?/i.exec(path)?.[0] ?? '/'
}

function applyFaults({ azure }: Arm, request: ArmRequest, operation: string, scope: string): void {
  const at = { operation, path: request.path, method: request.method }
  if (azure.strikes('reset', at)) throw new ConnectionCut()
  const throttle = azure.strikes('throttle', at)
  if (throttle) {
    const kind = request.method === 'GET' ? 'reads' : request.method === 'DELETE' ? 'deletes' : 'writes'
    throw throttled(
      kind,
      /^\/subscriptions\/([^/]+)/i.exec(request.path)?.[1] ?? '',
      request.caller.clientId,
      Number(throttle.retryAfter ?? 1),
    )
  }
  const error = azure.strikes('error', at)
  if (error)
    throw new ArmError(
      Number(error.status ?? 503),
      error.code ?? 'ServerTimeout',
      error.message ?? 'The request timed out. Please retry the request after some time.',
    )
  if (azure.strikes('deny', at)) throw authorizationFailed(request.caller, operation, scope)
}

function cutWhenLost({ azure }: Arm, request: ArmRequest, operation: string): void {
  if (azure.strikes('lost-response', { operation, path: request.path, method: request.method })) throw new ConnectionCut()
}
