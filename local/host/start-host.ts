import type { Clock } from '../clock.ts'
import type { HostKeys } from './extension.ts'
import type { Log } from './host-event.ts'

export interface HostOptions {
  /** Folder with package.json (`main` = glob of entry points) and host.json. */
  readonly app: string
  /** The app's settings: become its environment as they are (AzureWebJobsStorage, its own settings …). */
  readonly settings: Readonly<Record<string, string>>
  /** Default 7071; 0 for any free port. */
  readonly port?: number
  /** Drives timers, leases, durable timers, everything. Default: the real one. */
  readonly clock?: Clock
  readonly keys?: HostKeys
  readonly log?: Log
}

export interface Host {
  /** http://127.0.0.1:PORT */
  readonly url: string
  readonly functions: readonly FunctionSummary[]
  /** Graceful: listeners stop, running HTTP requests finish, appTerminate hooks (5 s), state is saved, leases are given back. */
  stop(): Promise<void>
  /** As kill -9, for tests in one process: everything stops at once, nothing is saved, no lease is given back. */
  kill(): void
}

export interface FunctionSummary {
  readonly name: string
  /** Type of the trigger, e.g. `timerTrigger`. */
  readonly trigger: string
  readonly route?: string
  readonly methods?: readonly string[]
}

export async function startHost(options: HostOptions): Promise<Host> {
  throw new Error(`The embedded host cannot run ${options.app} yet.`)
}
