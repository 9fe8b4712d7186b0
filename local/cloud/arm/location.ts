import { locations, normalLocation } from '../locations.ts'
import type { Resource } from '../resource.ts'
import type { ArmRequest } from './arm.ts'
import { ArmError } from './arm-error.ts'
import type { KnownType } from './registry.ts'
import { RESOURCE_GROUP_TYPE, type ResourceId } from './resource-id.ts'

/** A tracked resource stays where it was made. */
export function locationOf(known: KnownType, request: ArmRequest, existing: Resource | undefined, id: ResourceId): string | undefined {
  if (!known.definition.tracked || request.method === 'PATCH') return existing?.location
  const given = request.body.location
  if (typeof given !== 'string' || given === '')
    throw new ArmError(400, 'LocationRequired', 'The location property is required for this definition.')
  const location = normalLocation(given)
  const isGroup = known.type === RESOURCE_GROUP_TYPE
  if (location !== 'global' && !locations.some(({ name }) => name === location)) throw noSuchLocation(known, given, isGroup)
  if (existing?.location === undefined || existing.location === location) return location
  if (isGroup)
    throw new ArmError(
      409,
      'InvalidResourceGroupLocation',
      `Invalid resource group location '${location}'. The Resource group already exists in location '${existing.location}'.`,
    )
  throw new ArmError(
    409,
    'InvalidResourceLocation',
    `The resource '${id.name}' already exists in location '${existing.location}' in resource group '${id.resourceGroup}'. A resource with the same name cannot be created in location '${location}'. Please select a new resource name.`,
  )
}

function noSuchLocation(known: KnownType, given: string, isGroup: boolean): ArmError {
  const regions = locations.map(({ name }) => name).join(',')
  const kind = isGroup ? 'resource group' : 'resource type'
  return new ArmError(
    400,
    isGroup ? 'LocationNotAvailableForResourceGroup' : 'LocationNotAvailableForResourceType',
    `The provided location '${given.slice(0, 100)}' is not available for ${kind}${isGroup ? '' : ` '${known.type}'`}. List of available regions for the ${kind} is '${regions}'.`,
  )
}
