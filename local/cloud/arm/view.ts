import type { JsonObject, Resource } from '../resource.ts'

/** A resource as most providers answer it. */
export function defaultView(resource: Resource): JsonObject {
  return {
    id: resource.id,
    name: resource.name,
    type: resource.type,
    location: resource.location,
    tags: resource.tags,
    ...resource.envelope,
    properties: { ...resource.properties, provisioningState: resource.provisioningState },
  }
}
