import type { Observed } from './resource-kind.ts'

/** The part of an SDK model that says how a resource is. */
interface Shown {
  readonly provisioningState?: string
  readonly tags?: Readonly<Record<string, string>>
  /** Of a machine alone. */
  readonly storageProfile?: { readonly osDisk?: Disk; readonly dataDisks?: readonly Disk[] }
}

interface Disk {
  readonly name?: string
}

/** Undefined stays undefined: Azure does not know the resource. */
export function observe(shown: Shown | undefined): Observed | undefined {
  if (!shown) return undefined
  const { provisioningState = 'Succeeded', tags = {}, storageProfile: { osDisk, dataDisks = [] } = {} } = shown
  return { provisioningState, tags, disks: [osDisk, ...dataDisks].flatMap((disk) => disk?.name ?? []) }
}
