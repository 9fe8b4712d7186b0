import * as z from 'zod'

/** How far an upgrade is: what can be done about a failure depends on it. */
export const upgradePhases = ['preparing', 'replacing', 'finishing'] as const
export type UpgradePhase = (typeof upgradePhases)[number]

/** An upgrade that has begun and neither ended nor been rolled back; part of the cluster's row. */
export const upgradeSchema = z.strictObject({
  from: z.string(),
  to: z.string(),
  /**
   * `preparing`: nothing of the cluster has been changed but that it is stopped. `replacing`: old and new head are both there, and the way back is open.
   * `finishing`: the new head is the cluster's; the old one is being removed, and there is no way back.
   */
  phase: z.enum(upgradePhases),
  /** Of the new head. */
  headId: z.string(),
  recreateWorkers: z.boolean(),
  rollbackOnFailure: z.boolean(),
  /** What a rollback gives back. */
  before: z.strictObject({ acrRegistryName: z.string(), headId: z.string() }),
})
export type Upgrade = Readonly<z.output<typeof upgradeSchema>>
