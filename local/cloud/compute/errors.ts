import { ArmError } from '../arm/arm-error.ts'

/** The compute RP's refusals, in its own words [observed in public issue trackers; learn: troubleshooting, error codes]. */

export function invalidParameter(message: string, target: string): ArmError {
  return new ArmError(400, 'InvalidParameter', message, { target })
}

export function missingParameter(name: string): ArmError {
  return invalidParameter(`Required parameter '${name}' is missing (null).`, name)
}

export function operationNotAllowed(message: string, target?: string): ArmError {
  return new ArmError(409, 'OperationNotAllowed', message, target === undefined ? {} : { target })
}

export function propertyChangeNotAllowed(property: string): ArmError {
  return new ArmError(409, 'PropertyChangeNotAllowed', `Changing property '${property}' is not allowed.`, { target: property })
}

export function conflict(message: string): ArmError {
  return new ArmError(409, 'Conflict', message)
}

/** `referrer` names `id`, which isn't there or lies in another region. */
export function invalidReference(id: string, referrer: string): ArmError {
  return new ArmError(
    400,
    'InvalidResourceReference',
    `Resource ${id} referenced by resource ${referrer} was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.`,
  )
}

/** What `referrer` is to use is there, but still in the making or failed. */
export function referencedNotProvisioned(id: string, state: string, referrer: string): ArmError {
  return new ArmError(
    409,
    'ReferencedResourceNotProvisioned',
    `Cannot proceed with operation because resource ${id} used by resource ${referrer} is not in Succeeded state. Resource is in ${state} state.`,
  )
}

export function skuNotAvailable(size: string, location: string): ArmError {
  return new ArmError(
    409,
    'SkuNotAvailable',
    `The requested VM size for resource 'Following SKUs have failed for Capacity Restrictions: ${size}' is currently not available in location '${location}'. Please try another size or deploy to a different location or different zone. See https://aka.ms/azureskunotavailable for details.`,
  )
}

/** Azure found no room for an accepted machine: the operation fails with it, not the request. */
export function allocationFailed(zonal: boolean): ArmError {
  return new ArmError(
    409,
    zonal ? 'ZonalAllocationFailed' : 'AllocationFailed',
    `Allocation failed. We do not have sufficient capacity for the requested VM size in this ${zonal ? 'zone' : 'region'}. Read more about improving likelihood of allocation success at http://aka.ms/allocation-guidance`,
  )
}

export interface QuotaExceeded {
  /** `standardDSv4Family`, or `Total Regional`. */
  name: string
  location: string
  limit: number
  usage: number
  required: number
}

export function quotaExceeded({ name, location, limit, usage, required }: QuotaExceeded): ArmError {
  const page = name === 'Total Regional' ? 'regional-quota-requests' : 'per-vm-quota-requests'
  return operationNotAllowed(
    `Operation could not be completed as it results in exceeding approved ${name} Cores quota. Additional details - Deployment Model: Resource Manager, Location: ${location}, Current Limit: ${limit}, Current Usage: ${usage}, Additional Required: ${required}, (Minimum) New Limit Required: ${usage + required}. Setup Alerts when Quota reaches threshold. Learn more at https://aka.ms/quotamonitoringalerting . Submit a request for Quota increase at https://aka.ms/ProdportalCRP/#blade/Microsoft_Azure_Capacity/UsageAndQuota.ReactView by specifying parameters listed in the ‘Details’ section for deployment to succeed. Please read more about quota limits at https://docs.microsoft.com/en-us/azure/azure-supportability/${page}`,
  )
}
