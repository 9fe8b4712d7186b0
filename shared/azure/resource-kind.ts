import { type Look, pending } from '../operations/outcome.ts'
import type { Problem } from '../problem.ts'
import { nameOf } from './arm-id.ts'
import type { AzureClients } from './clients.ts'
import type { OperationUrl } from './submitted.ts'

export type Tags = Readonly<Record<string, string>>

/** A resource as Azure shows it, as far as the steps look. */
export interface Observed {
  /** `Creating`, `Updating`, `Deleting`, `Succeeded`, `Failed` … */
  readonly provisioningState: string
  readonly tags: Tags
  /** Names of the disks that a machine has; nothing else has any. */
  readonly disks: readonly string[]
}

/** One kind of Azure resource. Its functions send one request and never wait. */
export interface ResourceKind<Model> {
  /** What its steps are called after: `network-interface` makes `network-interface.create`. */
  readonly name: string
  /** ARM type. */
  readonly type: string
  /** For people, in lower case. */
  readonly noun: string
  readonly permissions: { readonly create: readonly string[]; readonly remove: readonly string[] }
  /** Typical durations in real seconds. */
  readonly seconds: { readonly create: number; readonly remove: number }
  put(clients: AzureClients, id: string, model: Model, tags: Tags): Promise<OperationUrl>
  /** Undefined where Azure answers 404. */
  get(clients: AzureClients, id: string): Promise<Observed | undefined>
  remove(clients: AzureClients, id: string): Promise<unknown>
}

/** A resource kind as far as it need be known to look at a resource and to remove it. */
export type RemovableKind = Pick<ResourceKind<never>, 'name' | 'type' | 'noun' | 'permissions' | 'seconds' | 'get' | 'remove'>

/** What a look at a resource that is being made says. */
export function creationOf({ provisioningState }: Observed, noun: string): Look | 'ready' | 'failed' {
  switch (provisioningState) {
    case 'Succeeded':
      return 'ready'
    case 'Failed':
    case 'Canceled':
      return 'failed'
    case 'Deleting':
      return pending({ note: `The former ${noun} of this name is still being deleted.` })
    default:
      return pending({ note: `${provisioningState} in Azure.` })
  }
}

/** Where Azure does not tell why. */
export const notMade = (noun: string, id: string): Problem => ({
  code: 'unknown',
  message: `Azure could not make the ${noun} ${nameOf(id)}.`,
  remedy: `az resource show --ids ${id}`,
  resource: id,
  retryable: false,
})
