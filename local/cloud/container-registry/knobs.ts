import { z } from 'zod'
import type { Azure } from '../azure.ts'
import type { Resource } from '../resource.ts'
import type { Contents } from './contents.ts'
import { bodyOf } from './data-call.ts'
import type { Category } from './data-request.ts'
import { RegistryError } from './registry-error.ts'
import { seedRegistry, seedSchema } from './seed.ts'

const MAX_BODY = 1024 * 1024

const limit = z.int().min(1).max(10_000_000).optional()
const knobsSchema = z.strictObject({
  /** Added to every request of the data plane, in milliseconds of the clock. */
  latencyMs: z.number().min(0).max(60_000).default(0),
  /** Calls a minute in place of the SKU's, for registry and identity alike. */
  callsPerMinute: z
    .strictObject({ read: limit, write: limit, delete: limit, referrers: limit, oauth: limit } satisfies Record<Category, unknown>)
    .default({}),
  /** Seconds of the clock that the registry's tokens live, in place of what Azure's do. */
  tokenSeconds: z.strictObject({ access: z.int().min(1).optional(), refresh: z.int().min(1).optional() }).default({}),
})
/** What tests and benchmarks set about one registry; not Azure. */
export type Knobs = z.infer<typeof knobsSchema>

const NO_KNOBS = knobsSchema.parse({})

const table = (azure: Azure) => azure.records('container-registry/knobs')

export function knobsOf(azure: Azure, registry: Resource): Knobs {
  return (table(azure).get(String(registry.hidden.store)) ?? NO_KNOBS) as Knobs
}

/** Replaces all knobs of the registry. */
export function setKnobs(azure: Azure, registry: Resource, knobs: z.input<typeof knobsSchema>): Knobs {
  const parsed = knobsSchema.parse(knobs)
  azure.change(() => table(azure).put(String(registry.hidden.store), parsed))
  return parsed
}

export function isKnob(url: URL): boolean {
  return url.pathname.startsWith('/_slipway/')
}

interface KnobCall {
  readonly azure: Azure
  readonly registry: Resource
  readonly contents: Contents
  readonly request: Request
}

/** `PUT /_slipway/knobs` and `POST /_slipway/seed` on the registry's own host name, without credentials, as all of the simulator's own. */
export async function answerKnob({ azure, registry, contents, request }: KnobCall): Promise<Response> {
  const origin = request.headers.get('origin')
  // Pages of other origins can send simple requests without asking first.
  if (origin !== null && origin !== new URL(request.url).origin) return Response.json({ error: 'Another origin.' }, { status: 403 })
  try {
    const body: unknown = JSON.parse((await bodyOf({ request }, MAX_BODY)).toString('utf8') || '{}')
    switch (`${request.method} ${new URL(request.url).pathname}`) {
      case 'PUT /_slipway/knobs':
        return Response.json(setKnobs(azure, registry, body as z.input<typeof knobsSchema>))
      case 'POST /_slipway/seed':
        return Response.json(seedRegistry(azure, contents, seedSchema.parse(body)))
      default:
        throw new RegistryError(404, 'NOT_FOUND', 'There is no such knob.')
    }
  } catch (error) {
    if (error instanceof z.ZodError) return Response.json({ error: z.prettifyError(error) }, { status: 400 })
    if (error instanceof SyntaxError) return Response.json({ error: 'The body is not JSON.' }, { status: 400 })
    throw error
  }
}
