interface ReplyOptions {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** An answer with a status or headers of its own. */
export class Reply<Payload> {
  readonly payload: Payload
  readonly status: number | undefined
  readonly headers: Readonly<Record<string, string>>
  constructor(payload: Payload, { status, headers = {} }: ReplyOptions) {
    this.payload = payload
    this.status = status
    this.headers = headers
  }
}

/** Answers `payload` with a status or headers of its own: `reply(payload, { status: 202, headers: { 'Retry-After': '5' } })`. */
export const reply = <Payload>(payload: Payload, options: ReplyOptions): Reply<Payload> => new Reply(payload, options)

/** A payload that is the whole body, without the envelope: a web page, an OpenAPI document. */
export class Document {
  readonly body: string
  readonly contentType: string
  constructor(body: string, contentType: string) {
    this.body = body
    this.contentType = contentType
  }
}
