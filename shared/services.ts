import type { Settings } from './config/settings.ts'

/** Everything that the domain needs from outside, built once per app and passed down. Each member is owned by the folder of its type. */
export interface Services {
  readonly settings: Settings
}
