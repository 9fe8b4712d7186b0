import type { Observed } from './resource-kind.ts'

/** The part of an SDK model that says how a resource is. */
interface Shown {
  readonly provisioningState?: string
  readonly tags?: Readonly<Record<string, string>>
}

/** Undefined stays undefined: Azure does not know the resource. */
export const observe = (shown: Shown | undefined): Observed | undefined =>
  shown && { provisioningState: shown.provisioningState ?? 'Succeeded', tags: shown.tags ?? {} }
