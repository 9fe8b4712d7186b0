import { z } from 'zod'
import type { JsonObject } from '../resource.ts'

/** Locks and quarantine of a repository, manifest or tag. All four locks are open by default. */
export const attributesSchema = z.strictObject({
  deleteEnabled: z.boolean().optional(),
  writeEnabled: z.boolean().optional(),
  readEnabled: z.boolean().optional(),
  listEnabled: z.boolean().optional(),
  quarantineState: z.string().max(100).optional(),
  quarantineDetails: z.string().max(10_000).optional(),
})
export type Attributes = z.infer<typeof attributesSchema>

/** What can be locked; `attributes` is missing as long as nothing was ever set. */
export interface Lockable {
  readonly attributes?: Attributes
}

const OPEN = { deleteEnabled: true, writeEnabled: true, readEnabled: true, listEnabled: true }

export function shownAttributes({ attributes }: Lockable): JsonObject {
  return { ...OPEN, ...attributes }
}

/** Either lock stops a deletion. */
export function mayDelete({ attributes }: Lockable): boolean {
  return attributes?.deleteEnabled !== false && attributes?.writeEnabled !== false
}

export function mayWrite({ attributes }: Lockable): boolean {
  return attributes?.writeEnabled !== false
}

export function mayRead({ attributes }: Lockable): boolean {
  return attributes?.readEnabled !== false
}

export function mayList({ attributes }: Lockable): boolean {
  return attributes?.listEnabled !== false
}
