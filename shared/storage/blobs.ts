/** Text too large for a row. Storage that is away: ProblemError `transient`. */
export interface Blobs {
  get(name: string): Promise<string | undefined>
  put(name: string, text: string): Promise<void>
  /** Absent already is fine. */
  remove(name: string): Promise<void>
}
