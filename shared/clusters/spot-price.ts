import { machinePrice } from '../prices/machine-price.ts'
import { invalid } from '../problem.ts'
import type { SpotConfiguration } from './worker-configuration.ts'

/** Up to the price on demand, which is as much as Azure ever asks [learn: virtual-machines/spot-vms]. */
const PRICE_ON_DEMAND = -1

/** Azure takes no more than five decimals. */
const DECIMALS = 1e5

interface SpotMachine {
  readonly instanceType: string
  readonly spotInfo?: SpotConfiguration | undefined
}

/** The percentage as Azure's `billingProfile.maxPrice`, US dollars an hour; undefined where the price on demand is not known. */
export function highestPrice(instanceType: string, { maxPrice }: SpotConfiguration, location: string): number | undefined {
  if (maxPrice >= 100) return PRICE_ON_DEMAND
  const onDemand = machinePrice(instanceType, location)
  return onDemand === undefined ? undefined : Math.max(1, Math.round((onDemand * maxPrice * DECIMALS) / 100)) / DECIMALS
}

/** Throws ProblemError `invalid` where nobody can say what the percentage comes to. `field`: path of the worker. */
export function checkSpot(field: string, { instanceType, spotInfo }: SpotMachine, location: string): void {
  if (spotInfo && highestPrice(instanceType, spotInfo, location) === undefined)
    invalid(`${field}.spotInfo.maxPrice`, `the price of ${instanceType} in ${location} is not known; use 100, which is the price on demand`)
}
