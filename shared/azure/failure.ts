/** What can be read off an error of an Azure client, whichever generation threw it. */
export interface AzureFailure {
  /** HTTP status; absent where no answer came. */
  readonly status?: number
  /** Azure's code (`SkuNotAvailable`), or Node's for a connection that broke (`ECONNRESET`). */
  readonly code?: string
  readonly message: string
  /** Seconds. */
  readonly retryAfter?: number
  /** ARM id or path of the resource that the request was for. */
  readonly resource?: string
}

type Bag = Readonly<Record<string, unknown>>

const bag = (value: unknown): Bag => (typeof value === 'object' && value !== null ? (value as Bag) : {})
const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

/** Undefined for what no Azure client throws: our own errors and bugs. */
export function readFailure(error: unknown): AzureFailure | undefined {
  if (!(error instanceof Error)) return undefined
  const raw = error as Error & Bag
  if (isSignIn(raw)) return signInFailure(raw)
  const isConnection = /^(E[A-Z_]+|UND_ERR_\w+|REQUEST_SEND_ERROR|PARSE_ERROR)$/.test(text(raw.code) ?? '')
  if (raw.name !== 'RestError' && raw.name !== 'AbortError' && !isConnection) return undefined

  const response = bag(raw.response)
  const body = bag(bag(raw.details).error ?? bag(parsed(text(response.bodyAsText))).error)
  const status = typeof raw.statusCode === 'number' ? raw.statusCode : undefined
  const retryAfter = Number(header(response, 'retry-after') ?? Number.NaN)
  const code = text(body.code) ?? text(raw.code) ?? header(response, 'x-ms-error-code')
  const resource = resourceOf(text(bag(raw.request).url))
  return {
    message: text(body.message) ?? raw.message,
    ...(status !== undefined && { status }),
    ...(code && { code }),
    ...(Number.isFinite(retryAfter) && { retryAfter }),
    ...(resource && { resource }),
  }
}

const isSignIn = (error: Error): boolean => /Authentication(Required)?Error$|^CredentialUnavailableError$/.test(error.name)

/** MSAL's codes, in its errors' texts, for a sign-in service that was not reached [msal-common: ClientAuthErrorCodes, AuthErrorCodes]. */
const UNREACHABLE = /\b(network_error|no_network_connectivity|endpoints_resolution_error|openid_config_error|post_request_failed)\b/

/** A token that was refused; one that could not be asked for is a connection that broke. */
function signInFailure(error: Error & Bag): AzureFailure {
  const status = typeof error.statusCode === 'number' ? error.statusCode : 0
  if (status >= 500 || status === 429 || UNREACHABLE.test(error.message))
    return { status: status || 503, code: 'SignInUnavailable', message: 'The sign-in service does not answer at the moment.' }
  const answer = text(bag(error.errorResponse).errorDescription) ?? error.message
  return { status: 401, code: 'SignInFailed', message: answer.split(/[\r\n]/)[0] ?? answer }
}

function header(response: Bag, name: string): string | undefined {
  const { headers } = response
  if (typeof headers !== 'object' || headers === null) return undefined
  if ('get' in headers && typeof headers.get === 'function') return text(headers.get(name))
  return text((headers as Bag)[name])
}

function parsed(json: string | undefined): unknown {
  try {
    return json === undefined ? undefined : JSON.parse(json)
  } catch {
    return undefined
  }
}

function resourceOf(url: string | undefined): string | undefined {
  if (!url || !URL.canParse(url)) return undefined
  const path = new URL(url).pathname
  return path.toLowerCase().startsWith('/subscriptions/') ? decodeURIComponent(path) : undefined
}
