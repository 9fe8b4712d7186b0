import * as z from 'zod'
import { priceTable } from './price-table.ts'

/** Of a Premium container registry with 500 GB [azure.microsoft.com/pricing/details/container-registry]. */
const REGISTRY_DAY = 1.667
const DAYS = 730 / 24

export const setupPriceSchema = z.object({
  estimate: z.literal(true).describe('Prices differ by location, agreement and day'),
  currency: z.string(),
  perMonth: z.number().describe('Of the container registry; a storage account costs by what lies in it, an identity and a role nothing'),
})
export type SetupPrice = z.output<typeof setupPriceSchema>

export const setupPrice = ({ registry }: { readonly registry: boolean }): SetupPrice => ({
  estimate: true,
  currency: priceTable.currency,
  perMonth: registry ? Math.round(REGISTRY_DAY * DAYS * 100) / 100 : 0,
})
