import { locations } from '../locations.ts'
import { ArmError } from './arm-error.ts'
import type { KnownType } from './registry.ts'

export function requiredApiVersion(query: URLSearchParams): string {
  // The portal and old tools send it in other spellings.
  for (const [name, value] of query) if (name.toLowerCase() === 'api-version' && value !== '') return value
  throw new ArmError(400, 'MissingApiVersionParameter', 'The api-version query parameter (?api-version=) is required for all requests.')
}

/** `2022-01-31-PREVIEW` and `2022-01-31-preview` are one. */
function accepts(apiVersions: readonly string[], given: string): boolean {
  return apiVersions.some((known) => known.toLowerCase() === given.toLowerCase())
}

/** `location` is given for a PUT, which Azure refuses in other words. */
export function checkApiVersion(known: KnownType, apiVersion: string, location: string | undefined): void {
  const { apiVersions, type } = known.definition
  if (accepts(apiVersions, apiVersion)) return
  const supported = apiVersions.join(', ')
  if (location !== undefined)
    throw new ArmError(
      400,
      'NoRegisteredProviderFound',
      `No registered resource provider found for location '${location}' and API version '${apiVersion}' for type '${type}'. The supported api-versions are '${supported}'. The supported locations are '${locations.map(({ name }) => name).join(', ')}'.`,
    )
  throw new ArmError(
    400,
    'InvalidResourceType',
    `The resource type '${type}' could not be found in the namespace '${known.provider.namespace}' for api version '${apiVersion}'. The supported api-versions are '${supported}'.`,
  )
}

export function checkEndpointVersion(apiVersions: readonly string[], apiVersion: string): void {
  if (accepts(apiVersions, apiVersion)) return
  throw new ArmError(
    400,
    'InvalidApiVersionParameter',
    `The api-version '${apiVersion}' is invalid. The supported versions are '${apiVersions.join(', ')}'.`,
  )
}
