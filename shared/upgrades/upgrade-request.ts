import * as z from 'zod'
import { versionName } from '../versions/entry.ts'

/** The body of `POST …/upgrade` (contract §1.4), and two wishes of ours. `null` is as good as absent. */
export const upgradeRequestSchema = z.object({
  version: versionName,
  dockerRegistryAccount: z
    .union([z.literal(''), z.string().regex(/^[A-Za-z0-9]{5,50}$/, 'must be the name of a container registry')])
    .nullish()
    .transform((name) => name ?? ''),
  /** false: the workers are gone after the upgrade, and not made again. */
  recreateWorkers: z
    .boolean()
    .nullish()
    .transform((wish) => wish ?? true),
  /** Whether a failure brings the former head back without being asked. */
  rollbackOnFailure: z
    .boolean()
    .nullish()
    .transform((wish) => wish ?? false),
})
export type UpgradeRequest = z.output<typeof upgradeRequestSchema>
