import { z } from 'zod'
import { parseBody } from '../arm/request-body.ts'
import type { Azure } from '../azure.ts'
import type { Acted, Action, Call } from '../provider.ts'
import type { JsonObject, Resource } from '../resource.ts'
import { conflict } from './errors.ts'

const accessBody = z.object({
  access: z.enum(['None', 'Read', 'Write']),
  durationInSeconds: z.number().int().positive().max(4_294_967_295),
})

/** beginGetAccess and endGetAccess of disks and snapshots: a SAS that opens nothing here, as no data lies behind it. */
export function accessActions(refusal: (call: Call, resource: Resource) => string | undefined): Record<string, Action> {
  return {
    beginGetAccess: {
      run(call, resource): Acted {
        const { access, durationInSeconds } = parseBody(accessBody, call)
        const refused = refusal(call, resource)
        if (refused) throw conflict(refused)
        return { takes: 'disk.access', input: { access, until: call.azure.clock.now() + durationInSeconds * 1000 } }
      },
      finish(azure, resource, input) {
        azure.resources.put({ ...resource, hidden: { ...resource.hidden, access: input } })
        return { accessSAS: sas(azure, input) }
      },
    },
    endGetAccess: {
      run: () => ({ takes: 'disk.access' }),
      finish(azure, resource) {
        const { access: _, ...hidden } = resource.hidden
        azure.resources.put({ ...resource, hidden })
        return undefined
      },
    },
  }
}

function sas(azure: Azure, { access, until }: JsonObject): string {
  const expires = new Date(Number(until)).toISOString().replace(/\.\d+Z$/, 'Z')
  const query = new URLSearchParams({
    sv: '2018-03-28',
    sr: 'b',
    si: azure.uuid(),
    sp: access === 'Write' ? 'w' : 'r',
    se: expires,
    sig: azure.uuid(),
  })
  return `https://md-${azure.uuid().slice(0, 8)}.blob.core.windows.net/${azure.uuid()}/abcd?${query}`
}
