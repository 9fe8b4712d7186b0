import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { z } from 'zod'
import { customRoleId, ROLE_DEFINITION } from './authorization/access.ts'
import { permissionsOf } from './authorization/role.ts'
import { linesOn } from './compute/disk-contents.ts'
import { LATENCIES, type Parts, QUOTA } from './create-azure.ts'
import { faultPlanSchema } from './fault-plan.ts'
import { frontPage } from './front-page.ts'
import type { LandingZone } from './landing-zone.ts'
import { latencies } from './latencies.ts'
import { setDemand } from './machines/load.ts'
import type { RequestCounts } from './request-counts.ts'
import type { JsonObject } from './resource.ts'
import { seedLandingZone } from './seed-landing-zone.ts'

const MAX_BODY = 1024 * 1024

const quotaSchema = z.strictObject({
  /** Every region when not given. */
  location: z.string().max(100).default('*'),
  name: z.string().min(1).max(100),
  /** null: the simulator's own limit again. */
  limit: z.int().min(0).nullable(),
})

const actions = z.array(z.string().max(500)).max(2000)
const roleSchema = z.strictObject({ roleName: z.string().max(512), add: actions.default([]), remove: actions.default([]) })

/** What jobs ask of a cluster, by its name, until something else is set. */
const amount = z.int().min(0).max(1e9)
const loadSchema = z.strictObject({ cluster: z.string().min(1).max(100), vcores: amount, memoryMB: amount })

const latencySchema = z.record(z.string(), z.number().min(0).max(86_400).nullable())

/** Knobs of the simulator itself: faults, limits, roles, latencies, what there is. Not Azure; on the loopback's own name alone. */
export function adminEndpoints(parts: Parts, counts: RequestCounts, zone: LandingZone): Hono {
  const { azure, state, faults } = parts
  const app = new Hono()

  app.use('/_slipway/*', bodyLimit({ maxSize: MAX_BODY }))
  app.use('/_slipway/*', async (context, next) => {
    // Pages of other origins can send simple requests without asking first.
    const origin = context.req.header('origin')
    if (origin !== undefined && origin !== new URL(context.req.url).origin) return context.json({ error: 'Another origin.' }, 403)
    return next()
  })
  app.onError((error, context) => {
    if (error instanceof z.ZodError) return context.json({ error: z.prettifyError(error) }, 400)
    if (error instanceof SyntaxError) return context.json({ error: 'The body is not JSON.' }, 400)
    throw error
  })

  app.get('/', (context) => frontPage(parts, zone, context.req.header('accept')))
  app.get('/metadata/endpoints', (context) => context.json(cloudMetadata(new URL(context.req.url).origin, zone.tenantId)))

  app.get('/_slipway/faults', (context) => context.json({ ...faults.plan(), counts: faults.counts() }))
  app.put('/_slipway/faults', async (context) => {
    faults.set(faultPlanSchema.parse(await context.req.json()))
    return context.json(faults.plan())
  })
  app.delete('/_slipway/faults', (context) => {
    faults.set({ rules: [] })
    return context.json(faults.plan())
  })

  app.get('/_slipway/state', (context) => context.json(stateOf(parts, counts)))

  app.put('/_slipway/quota', async (context) => {
    const { location, name, limit } = quotaSchema.parse(await context.req.json())
    const key = `${location}/${name}`.toLowerCase()
    state.change(() => (limit === null ? state.table(QUOTA).delete(key) : state.table(QUOTA).put(key, { limit })))
    return context.json({ location, name, limit })
  })

  app.put('/_slipway/latencies', async (context) => {
    const given = latencySchema.parse(await context.req.json())
    const unknown = Object.keys(given).filter((name) => !Object.hasOwn(latencies, name))
    if (unknown.length > 0) return context.json({ error: `No such latency: ${unknown.join(', ').slice(0, 500)}.` }, 400)
    state.change(() => {
      for (const [name, typical] of Object.entries(given))
        if (typical === null) state.table(LATENCIES).delete(name)
        else state.table(LATENCIES).put(name, { typical })
    })
    return context.json(given)
  })

  app.put('/_slipway/load', async (context) => {
    const { cluster, ...demand } = loadSchema.parse(await context.req.json())
    azure.change(() => setDemand(azure, cluster, demand))
    return context.json({ cluster, ...demand })
  })

  app.get('/_slipway/roles', (context) =>
    context.json({ roles: azure.resources.ofType(ROLE_DEFINITION).map(({ name, properties }) => ({ name, ...properties })) }),
  )
  app.put('/_slipway/roles', async (context) => changeRole(parts, context))

  app.post('/_slipway/reset', (context) => {
    state.clear()
    faults.set({ rules: [] })
    counts.clear()
    seedLandingZone(parts, zone)
    return context.json({})
  })
  return app
}

/** Adds and removes actions of a custom role by its name; takes effect at once. */
async function changeRole({ azure }: Parts, context: Context): Promise<Response> {
  const { roleName, add, remove } = roleSchema.parse(await context.req.json())
  const role = azure.resources.ofType(ROLE_DEFINITION).find(({ properties }) => properties.roleName === roleName)
  const [permission] = role ? permissionsOf(role.properties) : []
  if (!role || !permission) return context.json({ error: 'No custom role has this name.' }, 404)
  const gone = new Set(remove.map((action) => action.toLowerCase()))
  const kept = [...permission.actions, ...add].filter((action) => !gone.has(action.toLowerCase()))
  const dataActions = permission.dataActions.filter((action) => !gone.has(action.toLowerCase()))
  const permissions = [{ ...permission, actions: [...new Set(kept)], dataActions }]
  azure.change(() => azure.resources.put({ ...role, id: customRoleId(role.name), properties: { ...role.properties, permissions } }))
  return context.json({ roleName, permissions })
}

/** Everything there is except what is hidden, for tests that compare it with what the control plane believes. */
export function stateOf({ azure, state, faults }: Parts, counts: RequestCounts): JsonObject {
  const resources = azure.resources.under('').map((resource) => {
    const { hidden: _, ...shown } = resource
    const lines = linesOn(resource)
    return { ...shown, ...(lines.length > 0 && { lines: [...lines] }) }
  })
  const operations = [...state.table('operations').entries()].map(([, operation]) => {
    const { input: _, result: __, ...shown } = operation
    return shown
  })
  return { resources, operations, requests: counts.all(), faults: faults.counts() }
}

/** What `az cloud register` and other tools ask a cloud for. */
function cloudMetadata(origin: string, tenantId: string): JsonObject {
  return {
    galleryEndpoint: origin,
    graphEndpoint: origin,
    portalEndpoint: origin,
    authentication: {
      // Signing in as to AD FS, MSAL does not ask login.microsoftonline.com about this host first.
      loginEndpoint: `${origin}/adfs`,
      audiences: ['https://management.azure.com/'],
      tenant: tenantId,
    },
  }
}
