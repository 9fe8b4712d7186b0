import type { Endpoint } from '../http/endpoint.ts'
import { content, envelope, jsonSchema, type Schema } from './json-schema.ts'

const header = (description: string, type: 'string' | 'integer' = 'string'): Schema => ({ description, schema: { type } })

export const headers: Schema = {
  'X-Request-Id': header('Names the request in the log'),
  'Operation-Location': header('Path of the operation that was started: where to follow it'),
  'Retry-After': header('Seconds to wait before asking again', 'integer'),
  'Idempotent-Replayed': header('true: this is the answer that was given to the same Idempotency-Key before'),
}
const shown = (...names: readonly string[]): Schema => ({
  headers: Object.fromEntries(['X-Request-Id', ...names].map((name) => [name, { $ref: `#/components/headers/${name}` }])),
})

const problem = (description: string, ...headers: readonly string[]): Schema => ({
  description,
  ...shown(...headers),
  content: content({ $ref: '#/components/schemas/Envelope' }),
})

/** The answers that several endpoints share, by status. */
const problems = {
  400: problem('Something in the request is wrong; `error.field` is the path of the field'),
  403: {
    description: 'The key is missing, wrong, revoked, expired or not enough',
    ...shown(),
    content: content({ type: 'string' }, 'text/plain'),
  },
  404: problem('There is nothing of this id'),
  409: problem('It cannot be done as things stand; `error.retryable` says whether waiting helps', 'Retry-After'),
  413: problem('The body is too large'),
  422: problem('This Idempotency-Key was used for another request'),
  429: problem('Too many requests', 'Retry-After'),
  503: problem('Storage or Azure cannot be reached at the moment, or the settings of the app are wrong', 'Retry-After'),
  default: problem('A problem'),
}
type Status = keyof typeof problems

export const responses: Schema = Object.fromEntries(Object.entries(problems).map(([status, response]) => [`problem-${status}`, response]))

function possible(endpoint: Endpoint): readonly string[] {
  const { role, route, method, params, query, request, dryRun } = endpoint
  const hasKey = role !== 'none'
  const statuses: Record<Status, boolean> = {
    400: [params, query, request, dryRun].some((schema) => schema !== undefined),
    403: hasKey,
    404: route.includes('{'),
    409: hasKey && method !== 'GET',
    413: request !== undefined,
    422: takesIdempotencyKey(endpoint),
    429: hasKey,
    503: hasKey,
    default: true,
  }
  return Object.entries(statuses).flatMap(([status, can]) => (can ? [status] : []))
}

export const takesIdempotencyKey = ({ role, method }: Pick<Endpoint, 'role' | 'method'>): boolean => method === 'POST' && role !== 'none'

/** By status: what the endpoint answers. */
export function responsesOf(endpoint: Endpoint, schemas: Schema): Schema {
  const { name, response, dryRun, document, status = 200, dryRunStatus = 200 } = endpoint
  const asked = response ? jsonSchema(response, `${name}.response`, schemas) : { type: 'object' }
  const drafted = dryRun && jsonSchema(dryRun, `${name}.dryRun`, schemas)
  const isEither = drafted && status === dryRunStatus && JSON.stringify(drafted) !== JSON.stringify(asked)
  const schema = isEither
    ? {
        anyOf: [
          { title: 'Done', ...asked },
          { title: 'Dry run', ...drafted },
        ],
      }
    : asked
  const done = {
    description: drafted && status === dryRunStatus ? 'Done as asked, or a dry run: what would be done' : 'Done as asked',
    ...shown(
      ...(status === 202 ? ['Operation-Location', 'Retry-After'] : []),
      ...(takesIdempotencyKey(endpoint) ? ['Idempotent-Replayed'] : []),
    ),
    content: document ? content(schema, document) : content(envelope(schema)),
  }
  const tried = drafted && {
    description: 'A dry run: what would be done',
    ...shown(),
    content: content(envelope(drafted)),
  }
  return {
    ...(tried && { [dryRunStatus]: tried }),
    [status]: done,
    ...Object.fromEntries(possible(endpoint).map((status) => [status, { $ref: `#/components/responses/problem-${status}` }])),
  }
}
