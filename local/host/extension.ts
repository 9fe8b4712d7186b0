import type { Clock } from '../clock.ts'
import type { Binding } from './binding.ts'
import type { Log } from './host-event.ts'
import type { HostJson } from './host-json.ts'
import type { LoadedFunction, Runtime } from './runtime.ts'
import type { TypedData } from './typed-data.ts'

/** The keys that callers must show; a host without keys is open to everyone on the machine, like `func start`. */
export interface HostKeys {
  readonly master: string
  readonly function: string
  /** By key name, e.g. `durabletask_extension`. */
  readonly system: Readonly<Record<string, string>>
}

/** What the host offers to a binding extension. */
export interface HostContext {
  readonly runtime: Runtime
  readonly clock: Clock
  readonly hostJson: HostJson
  /** The app's settings (its environment). */
  readonly settings: Readonly<Record<string, string>>
  /** Connection string of AzureWebJobsStorage. */
  readonly storage: string
  /** Names this app on this machine in leases and status blobs; at most 32 characters, lower case. */
  readonly hostId: string
  /** http://127.0.0.1:PORT, without a slash at the end. */
  readonly url: string
  readonly log: Log
  readonly keys?: HostKeys
  /** To be called by an extension whose start has to wait for another host: this host's state is then `Waiting`. */
  readonly waiting?: () => void
  /** To be called when this host must not go on (a lease is lost): it ends as if killed. */
  readonly fail?: (error: Error) => void
}

/** A family of bindings: listens for triggers, gives inputs, takes outputs, answers webhooks. */
export interface Extension {
  /** Requests below /runtime/webhooks/{name}/ are its; their key is the system key `{name}_extension`. */
  readonly name: string
  /** Called when the app is loaded, before the host says that it is ready. Ends also when `stop` or `kill` come first. */
  start(): Promise<void>
  /** No new work; ends when running work has ended. */
  stop(): Promise<void>
  /** As if the process had been killed: no more effects from now on. */
  kill?(): void
  /** The data for an `in` binding that is no trigger; undefined when the binding is another extension's. */
  input?(binding: Binding): TypedData | undefined
  /** Whether `output` takes the data of this `out` binding. */
  takes?(binding: Binding): boolean
  output?(binding: Binding, data: TypedData): Promise<void>
  /** Runs one of its functions by hand (POST /admin/functions/{name}); undefined when the trigger is another extension's. */
  run?(fn: LoadedFunction, input: string): Promise<unknown> | undefined
  /** Requests below its base; their key has been checked. */
  webhook?(request: RawRequest): Promise<RawResponse>
}

export interface RawRequest {
  readonly method: string
  /** Absolute, as asked. */
  readonly url: URL
  /** Below the extension's base, without a slash at its start. */
  readonly path: string
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

export interface RawResponse {
  readonly status: number
  readonly headers?: Readonly<Record<string, string | string[]>>
  readonly body?: string | Buffer
}
