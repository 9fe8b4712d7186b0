import type { ZodType } from 'zod'

/** One setting of the app, as documentation, sample and check know it. */
export interface Setting<T> {
  /** Name of the environment variable. */
  readonly name: string
  /** From the variable's text (undefined: not set) to its value. */
  readonly schema: ZodType<T, string | undefined>
  readonly meaning: string
  /** What may be written, in words; shown when the value is refused. */
  readonly allowed: string
  /** The default in words or as it would be written; absent: none. */
  readonly default?: string
  /** Marked so in the documentation. */
  readonly secret?: true
  /** The value for a machine of one's own, for local.settings.json. */
  readonly sample?: string
}

export const setting = <T>(definition: Setting<T>): Setting<T> => definition
