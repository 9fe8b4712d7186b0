import { z } from 'zod'
import { ArmError } from '../arm/arm-error.ts'
import { parseBody } from '../arm/request-body.ts'
import { parseTags } from '../arm/tags.ts'
import type { Endpoint, EndpointCall } from '../provider.ts'
import type { JsonObject, Resource } from '../resource.ts'
import { apiVersions } from './versions.ts'

const PATH = '{scope*}/providers/Microsoft.Resources/tags/default'
const tagsSchema = z.object({ properties: z.object({ tags: z.record(z.string(), z.string()).default({}) }).default({ tags: {} }) })
const patchSchema = tagsSchema.extend({ operation: z.enum(['Merge', 'Replace', 'Delete']) })

/** Tags of a resource or group apart from the rest of it. */
export const tagEndpoints: readonly Endpoint[] = [
  { method: 'GET', path: PATH, apiVersions, action: 'Microsoft.Resources/tags/read', handle: (call) => ({ body: view(find(call)) }) },
  {
    method: 'PUT',
    path: PATH,
    apiVersions,
    action: 'Microsoft.Resources/tags/write',
    handle: (call) => ({ body: view(retag(call, find(call), parseBody(tagsSchema, call).properties.tags)) }),
  },
  { method: 'PATCH', path: PATH, apiVersions, action: 'Microsoft.Resources/tags/write', handle: patch },
  {
    method: 'DELETE',
    path: PATH,
    apiVersions,
    action: 'Microsoft.Resources/tags/delete',
    handle(call) {
      retag(call, find(call), {})
      return { status: 200 }
    },
  },
]

function patch(call: EndpointCall) {
  const resource = find(call)
  const { operation, properties } = parseBody(patchSchema, call)
  const before = resource.tags ?? {}
  if (operation === 'Merge') return { body: view(retag(call, resource, { ...before, ...properties.tags })) }
  if (operation === 'Replace') return { body: view(retag(call, resource, properties.tags)) }
  const left = Object.entries(before).filter(([name, value]) => properties.tags[name] !== value)
  return { body: view(retag(call, resource, Object.fromEntries(left))) }
}

function find({ azure, params }: EndpointCall): Resource {
  const resource = azure.resources.get(params.scope ?? '')
  if (!resource) throw new ArmError(404, 'ResourceNotFound', `The resource '${params.scope?.slice(0, 500)}' was not found.`)
  return resource
}

function retag({ azure }: EndpointCall, resource: Resource, tags: Record<string, string>): Resource {
  return azure.resources.put({ ...resource, tags: parseTags(tags) ?? {} })
}

function view(resource: Resource): JsonObject {
  return {
    id: `${resource.id}/providers/Microsoft.Resources/tags/default`,
    name: 'default',
    type: 'Microsoft.Resources/tags',
    properties: { tags: resource.tags ?? {} },
  }
}
