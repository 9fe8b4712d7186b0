/** An answer with a status or headers of its own. */
export class Reply<Payload> {
  readonly payload: Payload
  readonly status: number | undefined
  readonly headers: Readonly<Record<string, string>>
  constructor(payload: Payload, options: ReplyOptions) {
    this.payload = payload
    this.status = options.status
    this.headers = options.headers ?? {}
  }
}

export interface ReplyOptions {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** Answers `payload` with a status or headers of its own: `reply(payload, { status: 202, headers: { 'Retry-After': '5' } })`. */
export const reply = <Payload>(payload: Payload, options: ReplyOptions): Reply<Payload> => new Reply(payload, options)
