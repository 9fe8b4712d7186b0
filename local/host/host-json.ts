/** host.json as this host reads it: the parts it knows, with defaults filled in by the extension that owns them. */
export interface HostJson {
  /** Milliseconds; Infinity for `-1`. */
  readonly functionTimeout: number
  /** The raw section of each binding extension: `http`, `queues`, `durableTask` … */
  readonly extensions: Readonly<Record<string, unknown>>
}
