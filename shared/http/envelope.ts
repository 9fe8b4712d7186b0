import type { Problem } from '../problem.ts'
import { problemStatus } from './problem-status.ts'
import { Document, Reply } from './reply.ts'
import type { HttpAnswer } from './request.ts'

/** Seconds after which a caller may try again when nobody said so. */
const RETRY_AFTER = 5

const headersOf = (contentType: string) => ({
  'Content-Type': contentType,
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
})

/** What a handler returned, as a response; `status` is the endpoint's own. */
export function answerOf(result: unknown, status: number): HttpAnswer {
  if (result instanceof Reply) {
    const answer = answerOf(result.payload, result.status ?? status)
    return { ...answer, headers: { ...answer.headers, ...result.headers } }
  }
  if (result instanceof Document) return { status, headers: headersOf(result.contentType), body: result.body }
  return envelope(status, { message: status < 400 ? 'ok' : 'error', payload: result ?? {} })
}

/** A problem as a response. The public client shows the body of a 403 as it is, so that one is text. */
export function answerOfProblem(given: Problem, status = problemStatus[given.code]): HttpAnswer {
  const problem = { ...given, message: withoutPercent(given.message) }
  if (status === 403) return { status, headers: headersOf('text/plain; charset=utf-8'), body: problem.message }
  const answer = envelope(status, { message: problem.message, error: problem })
  if (status !== 429 && status !== 503 && problem.retryAfter === undefined) return answer
  return { ...answer, headers: { ...answer.headers, 'Retry-After': String(Math.ceil(problem.retryAfter ?? RETRY_AFTER)) } }
}

/** HTTP status and `code` are always the same: the public client looks at `code`, everybody else at the status. */
function envelope(code: number, fields: { message: string; payload?: unknown; error?: Problem }): HttpAnswer {
  const body = { apiVersion: 'v1', status: code < 400 ? 'ok' : 'error', code, ...fields }
  return { status: code, headers: headersOf('application/json; charset=utf-8'), body: JSON.stringify(body) }
}

/** The public client uses a message as a format string, where a percent sign eats what follows. */
const withoutPercent = (message: string): string => message.replace(/\s*%/g, ' percent')
