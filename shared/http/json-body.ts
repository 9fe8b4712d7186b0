import { invalid, ProblemError } from '../problem.ts'
import type { HttpRequest } from './request.ts'

/** Deepest nesting of a body. */
const DEPTH = 32
/** Most values of a body, each member of an object or array counted. */
const VALUES = 20_000

/** The body as JSON, whatever its content type says (the public client says JSON always, others say nothing); undefined when it is empty. */
export async function readJsonBody(request: HttpRequest, limit: number): Promise<unknown> {
  // Refused by its length before it is read, where the length is told.
  if (Number(request.header('content-length') ?? 0) > limit) tooLarge(limit)
  const bytes = await request.body()
  if (bytes.byteLength > limit) tooLarge(limit)
  if (bytes.byteLength === 0) return undefined
  let body: unknown
  try {
    body = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    invalid('body', 'this is not JSON in UTF-8')
  }
  bound(body)
  return body
}

function bound(body: unknown): void {
  let level: unknown[] = [body]
  let values = 0
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEPTH) invalid('body', `it may be nested ${DEPTH} deep at most`)
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []))
    values += level.length
    if (values > VALUES) invalid('body', `it may hold ${VALUES} values at most`)
  }
}

function tooLarge(limit: number): never {
  throw new ProblemError({ code: 'too-large', message: `The body may have ${limit} bytes at most.`, retryable: false })
}
