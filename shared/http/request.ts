/** A request as the pipeline needs it, whatever carried it. */
export interface HttpRequest {
  readonly method: string
  /** Path as it was asked for, with the prefix, e.g. `/api/clusters`. */
  readonly path: string
  /** Parameters of the route, decoded. */
  readonly params: Readonly<Record<string, string>>
  /** What is given more than once holds all its values, with commas: no schema takes that for one of them. */
  readonly query: Readonly<Record<string, string>>
  /** By lower-case name. */
  header(name: string): string | undefined
  body(): Promise<Uint8Array>
}

export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}
