import type { ZodType, z } from 'zod'
import type { Orchestrations } from '../operations/orchestrations.ts'
import type { RequestOrigin } from '../request-origin.ts'
import type { Services } from '../services.ts'
import type { Caller, EndpointRole } from './caller.ts'
import type { Document, Reply } from './reply.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** What a handler is given: everything checked, nothing of HTTP. */
export interface EndpointInput<Params, Query, Body> {
  readonly params: Params
  readonly query: Query
  readonly body: Body
  readonly caller: Caller
  /** `?dryRun=true` was asked: answer what would happen and do nothing. Always false where the endpoint declares no `dryRun`. */
  readonly dryRun: boolean
  readonly services: Services
  readonly orchestrations: Orchestrations
  readonly origin: RequestOrigin
}

type Input<Schema, Absent> = Schema extends ZodType ? z.output<Schema> : Absent
type Payload<Schema, Absent> = Schema extends ZodType ? z.input<Schema> : Absent
type Answer<Response, DryRun> = Payload<Response, void> | Payload<DryRun, never>

interface Declaration {
  /** Name of the function. Templates are tried in the alphabetical order of names: it decides which of two overlapping routes wins. */
  readonly name: string
  readonly method: Method
  /** Without the prefix `api/`, e.g. `clusters/{clusterId}/stop`. */
  readonly route: string
  readonly role: EndpointRole
  /** A sentence without a full stop, for OpenAPI. */
  readonly summary: string
  /** Status of a plain answer; 200 unless told. */
  readonly status?: 200 | 201 | 202
  /** Content type where the answer is the response as it is, without the envelope: the handler answers a Document. */
  readonly document?: string
  /** The answer holds a secret, so it is not kept: under a repeated Idempotency-Key nothing is done, and nothing shown again. */
  readonly secret?: true
}

export interface EndpointDefinition<Params, Query, Request, Response, DryRun> extends Declaration {
  /** Schemas of the route's parameters, of the query (values are text) and of the JSON body. Absent: empty, and a body is ignored. */
  readonly params?: Params & ZodType
  readonly query?: Query & ZodType
  readonly request?: Request & ZodType
  /** Schema of the payload. Absent: the payload is empty. */
  readonly response?: Response & ZodType
  /** Schema of the payload of a dry run; declaring it makes `?dryRun=true` possible. */
  readonly dryRun?: DryRun & ZodType
  /** Of a dry run that takes time itself; default 200. */
  readonly dryRunStatus?: 202
  /** Answers the payload, or a reply where status or headers differ; throws ProblemError. */
  readonly handler: (
    input: EndpointInput<Input<Params, Record<never, never>>, Input<Query, Record<never, never>>, Input<Request, undefined>>,
  ) => Promise<Answer<Response, DryRun> | Reply<Answer<Response, DryRun>> | Document>
}

/** An endpoint with its types worn off, as it is registered, described and called. */
export interface Endpoint extends Declaration {
  readonly params?: ZodType
  readonly query?: ZodType
  readonly request?: ZodType
  readonly response?: ZodType
  readonly dryRun?: ZodType
  readonly dryRunStatus?: 202
  readonly handler: (input: EndpointInput<unknown, unknown, unknown>) => Promise<unknown>
}

/** The one way to declare an HTTP endpoint: it registers, checks, authorises and documents itself from this. */
export function defineEndpoint<Params = undefined, Query = undefined, Request = undefined, Response = undefined, DryRun = undefined>(
  definition: EndpointDefinition<Params, Query, Request, Response, DryRun>,
): Endpoint {
  // The pipeline hands over what the declared schemas put out, which is what the handler's types say.
  return definition as unknown as Endpoint
}
