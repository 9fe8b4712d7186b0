import type { JsonObject } from '../resource.ts'

export interface ArmErrorDetail {
  code: string
  message: string
  target?: string
  details?: readonly ArmErrorDetail[]
}

/** An answer that Azure refuses with: `{ error: { code, message, target?, details? } }` under `status`. Thrown by any handler. */
export class ArmError extends Error {
  override name = 'ArmError'
  readonly status: number
  readonly code: string
  readonly target: string | undefined
  readonly details: readonly ArmErrorDetail[] | undefined
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: number,
    code: string,
    message: string,
    extra: { target?: string; details?: readonly ArmErrorDetail[]; headers?: Record<string, string> } = {},
  ) {
    super(message)
    this.status = status
    this.code = code
    this.target = extra.target
    this.details = extra.details
    this.headers = extra.headers ?? {}
  }

  toBody(): JsonObject {
    return { error: this.toDetail() }
  }

  /** Also the shape of `error` in a failed operation's status. */
  toDetail(): JsonObject {
    return { code: this.code, message: this.message, target: this.target, details: this.details as unknown as JsonObject[] | undefined }
  }
}
