import type { StepContext } from './context.ts'
import type { Look } from './outcome.ts'

/** One thing that can be done to Azure or to a cluster. Every function runs at least once: observe first, then act. */
export interface StepKind<Args> {
  /** e.g. `virtual-machine.create`; stable, stored in plans. */
  readonly kind: string
  /** The exact Azure actions it uses (management plane); roles and preflight are computed from these lists. */
  readonly permissions: readonly string[]
  /** Azure data actions it uses. */
  readonly dataPermissions?: readonly string[]
  /** Typical duration in real seconds until own history knows better. */
  readonly seconds: number
  readonly describe: (args: Args) => { readonly title: string; readonly touches: readonly string[] }
  /** Starts it, unless it is started or done already. Never waits for Azure. Its answer counts like a first `check`. */
  readonly begin: (context: StepContext, args: Args) => Promise<Look>
  /** Looks how far it is. Absent: `begin` is repeated (for what is only checked or done at once). */
  readonly check?: (context: StepContext, args: Args) => Promise<Look>
  /** Takes back what `begin` made; looked at again until done. Absent: nothing to take back. */
  readonly undo?: (context: StepContext, args: Args) => Promise<Look>
}
