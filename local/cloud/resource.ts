/** Plain data as it travels in requests and lies in the journal; `undefined` members vanish on the way. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [member: string]: Json | undefined
}

export type ProvisioningState = 'Creating' | 'Updating' | 'Deleting' | 'Succeeded' | 'Failed' | 'Canceled'

/** One ARM resource as the simulator keeps it. Never changed in place: a change is a new record under the same id. */
export interface Resource {
  /** Canonical id, spelled as in the PUT that made it; looked up without regard to case. */
  readonly id: string
  /** `Microsoft.Compute/virtualMachines`, as its provider spells it. */
  readonly type: string
  readonly name: string
  readonly location?: string
  readonly tags?: Readonly<Record<string, string>>
  readonly provisioningState: ProvisioningState
  /** What is answered under `properties`, without provisioningState. */
  readonly properties: JsonObject
  /** Other members of the body's top level: sku, kind, zones, identity, plan … */
  readonly envelope: JsonObject
  /** What the provider must remember and never answers: customData, keys, what a machine has installed. */
  readonly hidden: JsonObject
  /** Unquoted; new at every change. */
  readonly etag: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly changedAt: number
}

/** What a writer gives; the store adds etag and times. */
export type ResourceDraft = Omit<Resource, 'etag' | 'createdAt' | 'changedAt'>
