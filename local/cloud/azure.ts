import type { Clock } from '../clock.ts'
import type { Latency } from './latencies.ts'
import type { Json, JsonObject, Resource, ResourceDraft } from './resource.ts'

/** All resources of all subscriptions. Ids are looked up without regard to case. */
export interface ResourceStore {
  get(id: string): Resource | undefined
  /** Of one type (`Microsoft.Network/virtualNetworks/subnets`), by default everywhere; else at or under `scope` (subscription, group or resource id). */
  ofType(type: string, scope?: string): Resource[]
  /** Everything strictly under `scope`. */
  under(scope: string): Resource[]
  /** Makes or replaces; gives back the record with its new etag. */
  put(draft: ResourceDraft): Resource
  /** Removes it and everything nested in it. */
  delete(id: string): void
}

/** Journalled data of a provider that is not an ARM resource: blobs, role assignments' delays, a machine's log. Keys are case-sensitive. */
export interface RecordStore {
  get(key: string): JsonObject | undefined
  /** All whose key starts with `prefix`, in the order of their keys. */
  list(prefix?: string): { key: string; value: JsonObject }[]
  put(key: string, value: JsonObject): void
  delete(key: string): void
}

/** Something due later. Kept in the journal, so it still comes after kill -9 and restart. */
export interface Alarm {
  /** Setting the same key again replaces the first. */
  key: string
  /** Simulated seconds from now (divided by the speed). See `Azure.seconds` for a latency with jitter. */
  inSeconds: number
  /** `namespace` of the provider and the name in its `alarms`. */
  provider: string
  run: string
  input: JsonObject
}

/** Who calls, or may be given a role: a service principal of an application or of a managed identity, or a person. */
export interface Principal {
  readonly objectId: string
  readonly clientId: string
  readonly displayName: string
  readonly kind: 'Application' | 'ManagedIdentity' | 'User'
  /** ARM id of the managed identity. */
  readonly identityId?: string
}

/** The Microsoft Entra tenant. */
export interface Directory {
  readonly tenantId: string
  byObjectId(objectId: string): Principal | undefined
  byClientId(clientId: string): Principal | undefined
  /** Makes or replaces. A managed identity registers itself at its PUT. */
  put(principal: Principal): void
  delete(objectId: string): void
}

/** A rule of the fault plan that struck. */
export interface Fault {
  readonly fault: string
  /** Code and message to fail with, where the rule gives them. */
  readonly code?: string
  readonly message?: string
  readonly [member: string]: Json | undefined
}

/**
 * What a provider may use of the simulated Azure. Everything here is synchronous: a request, an alarm or the end of an operation
 * sees and changes the state in one piece (one journal line), and when it throws nothing of it has happened.
 * Asynchronous code (a data plane, a machine's agent) wraps each change in `change`.
 */
export interface Azure {
  readonly clock: Clock
  readonly speed: number
  /** Folder of everything that must last, for what is too large for the journal. */
  readonly dataDir: string
  /** Seeded, in [0, 1). Also the source of ids: see `uuid`. */
  random(): number
  /** A version 4 UUID from the seeded randomness. */
  uuid(): string
  /** A latency of the table in simulated seconds, with jitter. */
  seconds(latency: Latency): number
  readonly resources: ResourceStore
  /** The collection `name` is the provider's own; prefix it: `storage/blobs`. */
  records(name: string): RecordStore
  /** Sets an alarm (inside a change). */
  arm(alarm: Alarm): void
  /** Calls off the alarm with this key, if it is set. */
  disarm(key: string): void
  /** Runs `action` as one atomic, journalled change. Nested calls join the outer one. */
  change<T>(action: () => T): T
  readonly directory: Directory
  /** Whether the principal's roles allow `action` at `scope` now. Data actions are asked with `data: true`. */
  allows(principal: Principal, action: string, scope: string, options?: { data?: boolean }): boolean
  /** The principal of a bearer token; undefined when it is missing, forged, expired or for another audience. */
  authenticate(authorization: string | null | undefined, audience: string): Principal | undefined
  /**
   * Asks the fault plan whether a rule of the kind `fault` strikes here; counts the hit. The engine itself asks for everything that
   * concerns the request as a whole; providers ask for their own kinds (`quota`, `capacity`, `agent-silent`, `install-fails`).
   */
  strikes(fault: string, at: { operation: string; path: string; method?: string }): Fault | undefined
  /** The limit set by PUT /_slipway/quota for a usage name (`cores`, `standardDSv4Family`), else `fallback`. */
  quota(location: string, name: string, fallback: number): number
  /** Seeded regions, `northeurope` first. */
  readonly locations: readonly Location[]
  log(line: string): void
}

export interface Location {
  readonly name: string
  readonly displayName: string
  /** `Europe`, `US` … */
  readonly geography: string
  readonly zones: readonly string[]
}

/** The provider name under which the engine's own alarms go. */
export const ENGINE = 'arm'
