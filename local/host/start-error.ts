export type StartErrorCode =
  | 'arguments-wrong'
  | 'app-missing'
  | 'app-failed'
  | 'host-json-broken'
  | 'setting-missing'
  | 'setting-broken'
  | 'port-taken'
  | 'storage-unreachable'
  | 'binding-unsupported'

/** The host cannot start. The message is one sentence for the person at the terminal, without a stack. */
export class StartError extends Error {
  override readonly name = 'StartError'
  readonly code: StartErrorCode

  constructor(code: StartErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
