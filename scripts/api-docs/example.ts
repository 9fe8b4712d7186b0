/** A call that was made, and what was answered. */
export interface Example {
  /** Operation id of the endpoint. */
  readonly name: string
  readonly method: string
  /** With the query. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
  /** File of the repository that holds the body. */
  readonly file?: string
  readonly status: number
  /** Of the answer, those that a caller acts on. */
  readonly answered: Readonly<Record<string, string>>
  /** What the page shows of the answer: the payload, the text, or the whole envelope. */
  readonly answer: unknown
  /** Which part of the introduction it belongs to; absent: to its endpoint. */
  readonly section?: Section
}

export type Section = 'errors' | 'refusal' | 'dry-run' | 'repetition' | 'pages' | 'envelope'
