/**
 * How to add a resource provider
 * ------------------------------
 * A provider is one folder, `local/cloud/<provider>/`, that exports one `Provider`; it is added as one line in `providers.ts`.
 * Most providers are a list of `ResourceType`s, which say only what is their own. The engine (arm/) does for every type:
 * ids without regard to case, api-version, bearer token, RBAC and its 403, linked access, provider registration, group and parent existence,
 * location, tags, ETags with If-Match/If-None-Match, lists by group/subscription/parent, tags PATCH, polling headers, operation status,
 * 409 when busy, throttling, faults, journal.
 *
 * A type's handlers are plain synchronous functions. They see a `Call`, look around in `call.azure`, and either
 * - throw an `ArmError(status, code, message)` worded as Azure words it (nothing has happened then), or
 * - return what the resource is to be (`Written`). Other resources that belong to it (a VNet's subnets, a VM's OS disk) are put with
 *   `call.azure.resources.put`. References back (a NIC in a subnet) are not stored twice: compute them in `view` with `ofType`.
 *
 * What takes time: give `takes: 'virtualMachine.create'` (a row of latencies.ts). The engine answers 201 (new), 200/202 with
 * `Azure-AsyncOperation`, shows `provisioningState` Creating/Updating/Deleting meanwhile, and at the end calls the type's `finish*` hook,
 * in a change of its own, with the record as it then is; a thrown `ArmError` ends the operation (and the resource) as Failed.
 * This survives a restart: an operation in the journal names type, verb and input, never a closure. Without `takes` it is done at once.
 *
 *     const widgets: ResourceType = {
 *       type: 'widgets',
 *       apiVersions: ['2024-01-01'],
 *       tracked: true,
 *       links: ({ body }) => subnetOf(body).map((id) => ({ id, action: 'Microsoft.Network/virtualNetworks/subnets/join/action' })),
 *       write: (call) => ({ properties: widgetBody.parse(call.body).properties, takes: 'widget.create' }),
 *       finishWrite: (azure, widget) => ({ ...widget, properties: { ...widget.properties, address: '10.0.0.4' } }),
 *       remove: (call, widget) => { if (isUsed(call.azure, widget)) throw new ArmError(409, 'WidgetInUse', '…') ; return {} },
 *       actions: { spin: { run: (call, widget) => ({ takes: 'widget.spin' }) } },
 *     }
 *     export const widgetProvider: Provider = { namespace: 'Microsoft.Widgets', resourceTypes: [widgets] }
 *
 * A body that fits no schema: parse with zod through `parseBody(schema, call)` (arm/request-body.ts), which throws Azure's 400.
 * Everything else a provider answers (usages, SKUs, checkNameAvailability) is an `Endpoint`; a data plane on a host name of its own is a `DataPlane`.
 * What happens later without a caller (a machine boots) is an alarm: `azure.arm({ provider: namespace, run: 'boot', … })` runs `alarms.boot`.
 * Handlers never wait, never read the real time or randomness: use `azure.clock`, `azure.random`, `azure.uuid`.
 */

import type { ResourceId } from './arm/resource-id.ts'
import type { Azure, Fault, Principal } from './azure.ts'
import type { Latency } from './latencies.ts'
import type { Json, JsonObject, Resource } from './resource.ts'

export interface Provider {
  /** `Microsoft.Compute` */
  readonly namespace: string
  readonly resourceTypes: readonly ResourceType[]
  readonly endpoints?: readonly Endpoint[]
  readonly dataPlanes?: readonly DataPlane[]
  /** Run when an alarm falls due, in one change. */
  readonly alarms?: Readonly<Record<string, (azure: Azure, input: JsonObject) => void>>
  /** Once after the state is loaded and the server listens; gives back how to stop what it started (agents' timers, sockets). */
  readonly start?: (azure: Azure) => () => void | Promise<void>
}

/** One request to one resource, after all checks that are the same for every type. */
export interface Call {
  readonly azure: Azure
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'PATCH' | 'POST' | 'DELETE'
  readonly id: ResourceId
  /** `{}` when the request has none. */
  readonly body: JsonObject
  readonly query: URLSearchParams
  readonly apiVersion: string
  readonly caller: Principal
  /** A rule of the fault plan of a kind that providers word themselves (`quota`, `capacity`) strikes this call. */
  readonly fault: Fault | undefined
}

/** What a PUT or PATCH makes of a resource. Location and tags come from the body; the engine keeps them. */
export interface Written {
  readonly properties: JsonObject
  /** sku, kind, zones, identity …; replaces the former. */
  readonly envelope?: JsonObject
  /** Kept as it was when not given. */
  readonly hidden?: JsonObject
  /** For types without a location in the body that have one (inherited from the parent, `global`). */
  readonly location?: string
  /** Replaces the tags of the body. */
  readonly tags?: Readonly<Record<string, string>>
  readonly takes?: Latency
  /** Handed to `finishWrite`; lies in the journal. */
  readonly input?: JsonObject
  /** When the RP does not answer 201 for new and 200 for known resources. */
  readonly status?: 200 | 201 | 202
}

export interface Removed {
  readonly takes?: Latency
  /** Handed to `finishRemove`. */
  readonly input?: JsonObject
}

export interface Acted {
  /** Answered at once, when the action takes no time. */
  readonly body?: Json
  readonly status?: number
  readonly takes?: Latency
  /** Handed to `finish`. */
  readonly input?: JsonObject
}

/** `POST {id}/{name}` (RBAC action `{type}/{name}/action`) or, with `method: 'GET'`, `GET {id}/{name}` (`{type}/{name}/read`). */
export interface Action {
  readonly method?: 'GET'
  readonly links?: (call: Call, resource: Resource) => readonly Link[]
  readonly run: (call: Call, resource: Resource) => Acted
  /** At the end of what took time; gives the operation's result, answered at its Location. */
  readonly finish?: (azure: Azure, resource: Resource, input: JsonObject) => Json | undefined
  /** Instead of `finish`, when the operation failed: takes back what `run` showed meanwhile. */
  readonly failed?: (azure: Azure, resource: Resource, input: JsonObject) => void
}

/** An action that the caller must be allowed on another resource: 403 `LinkedAuthorizationFailed` otherwise. */
export interface Link {
  readonly id: string
  readonly action: string
  /** What the refusal calls the action, where that is not its name. */
  readonly said?: string
}

/** An operation that has begun and not ended. */
export interface RunningOperation {
  readonly id: string
  readonly resourceId: string
  readonly verb: 'write' | 'remove' | 'action'
  /** Name of the action, for `action`. */
  readonly action?: string
}

export interface ResourceType {
  /** Relative to the namespace, as Azure spells it: `virtualNetworks/subnets`. */
  readonly type: string
  /** Accepted api-versions, newest first: those of the SDK and of the Azure CLI at least. */
  readonly apiVersions: readonly string[]
  /** Has location and tags and shows up in `/resources`. */
  readonly tracked: boolean
  /** Longest and allowed characters of a name; 400 `InvalidResourceName` otherwise. */
  readonly namePattern?: RegExp
  /** Style of polling: `Azure-AsyncOperation` with Location (default, as Compute and Network), or Location alone (as Storage). */
  readonly polling?: 'azure-async' | 'location'
  /** ETag as `W/"…"` in header and body's `etag` (as Network and others do). Default: none answered, If-Match still honoured. */
  readonly etags?: boolean
  readonly links?: (call: Call, existing: Resource | undefined) => readonly Link[]
  /** PUT. `existing` is undefined for a new one. Missing: 405. */
  readonly write?: (call: Call, existing: Resource | undefined) => Written
  /** PATCH. Missing: tags alone, for tracked types. */
  readonly patch?: (call: Call, existing: Resource) => Written
  /** The record at the end of what took time; provisioningState becomes Succeeded after it. */
  readonly finishWrite?: (azure: Azure, resource: Resource, input: JsonObject) => Resource
  /** DELETE. Missing: 405. */
  readonly remove?: (call: Call, existing: Resource) => Removed
  /** Just before the record and what is nested in it goes, by DELETE or with its group: let go of others (disks with deleteOption). */
  readonly finishRemove?: (azure: Azure, resource: Resource, input: JsonObject) => void
  /** Names in Azure's spelling; matched without regard to case. */
  readonly actions?: Readonly<Record<string, Action>>
  /** The body of an answer. Default `defaultView(resource)` (arm/view.ts). `query` carries `$expand` and is empty inside lists' items. */
  readonly view?: (azure: Azure, resource: Resource, query: URLSearchParams) => JsonObject
  /** A resource that always exists under its parent (`blobServices/default`), when it was never written. */
  readonly implicit?: (azure: Azure, id: ResourceId) => Resource | undefined
  /**
   * Another operation runs on this resource: throw what the RP throws, or return to let both go on. Not called for GET.
   * Default: 409 `AnotherOperationInProgress` in Network's words.
   */
  readonly busy?: (call: Call, running: readonly RunningOperation[]) => void
}

/** Anything else under ARM. */
export interface Endpoint {
  readonly method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE' | 'HEAD'
  /**
   * `/subscriptions/{subscriptionId}/providers/Microsoft.Compute/locations/{location}/usages`; matched without regard to case.
   * `{scope*}` takes any number of segments: `{scope*}/providers/Microsoft.Authorization/permissions`.
   */
  readonly path: string
  readonly apiVersions: readonly string[]
  /** RBAC action, asked at `{scope*}` or else at the subscription or group that the path names; undefined: any authenticated caller. */
  readonly action: string | undefined
  readonly handle: (call: EndpointCall) => { status?: number; body?: Json; headers?: Readonly<Record<string, string>> }
}

export interface EndpointCall {
  readonly azure: Azure
  readonly path: string
  /** By the names in the path's braces, as sent. */
  readonly params: Readonly<Record<string, string>>
  readonly body: JsonObject
  readonly query: URLSearchParams
  readonly apiVersion: string
  readonly caller: Principal
  /** Scheme and host the caller used: for nextLink. */
  readonly origin: string
}

/** A service on a host name of its own: `{account}.blob.core.windows.net`. */
export interface DataPlane {
  /** Host ends with this: `.blob.core.windows.net`. */
  readonly hostSuffix: string
  /** `name` is what stands before the suffix. Changes go through `azure.change`. Faults and request counts are the engine's. */
  readonly handle: (azure: Azure, name: string, request: Request) => Promise<Response>
  /** Name of the operation for the fault plan, from method and path. */
  readonly operation?: (request: Request) => string
}
