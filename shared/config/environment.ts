/** Variables by name, as a process has them. */
export type Environment = Readonly<Record<string, string | undefined>>

/** The only reader of `process.env` in the app. */
export const processEnvironment = (): Environment => process.env
