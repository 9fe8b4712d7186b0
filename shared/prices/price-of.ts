import * as z from 'zod'
import type { Cluster } from '../clusters/cluster.ts'
import { OS_DISK } from '../clusters/machine-model.ts'
import type { Node } from '../clusters/node.ts'
import { locationFactor, machinePrice } from './machine-price.ts'
import { priceTable } from './price-table.ts'

/** Azure's own month for estimates. */
const HOURS = 730

const lineSchema = z.object({
  what: z.string(),
  count: z.number(),
  perMonth: z.number().nullable().describe('null: the table does not know it'),
})

export const priceSchema = z.object({
  estimate: z.literal(true).describe('Prices differ by location, agreement and day'),
  currency: z.string(),
  perMonth: z.number().describe('While it runs all the time'),
  perMonthStopped: z.number().describe('While it is stopped: disks and addresses'),
  complete: z.boolean().describe('Every part has a price'),
  unknown: z.array(z.string()).describe('Parts whose price the table does not know; the sums are without them'),
  lines: z.array(lineSchema),
  date: z.string().describe('When the prices were listed'),
  source: z.string(),
  location: z.string().describe('Whose prices they are'),
})
export type Price = z.output<typeof priceSchema>

interface Part {
  readonly what: string
  /** Also while the cluster is stopped. */
  readonly always: boolean
  readonly perMonth: number | undefined
}

/** What a cluster would cost in a month, as far as its machines, disks and addresses go. Spot machines count at their highest price. */
export function priceOf({ nodes, request }: Pick<Cluster, 'nodes' | 'request'>): Price {
  // Where the location's own prices are not known, the table's say more than nothing; the answer says whose they are.
  const location = locationFactor(request.location) === undefined ? priceTable.location : request.location
  const address = { what: 'public IP address', always: true, perMonth: priceTable.publicIpHours * HOURS }
  const parts = [...nodes.flatMap((node) => partsOf(node, location)), ...(request.attachPublicIP ? [address] : [])]
  const unknown = [...new Set(parts.flatMap(({ what, perMonth }) => (perMonth === undefined ? what : [])))]
  const { currency, date, source } = priceTable
  const sum = (some: readonly Part[]) => cents(some.reduce((total, { perMonth = 0 }) => total + perMonth, 0))
  return {
    estimate: true,
    currency,
    perMonth: sum(parts),
    perMonthStopped: sum(parts.filter(({ always }) => always)),
    complete: unknown.length === 0,
    unknown,
    lines: [...Map.groupBy(parts, ({ what }) => what)].map(([what, same]) => ({
      what,
      count: same.length,
      perMonth: same.some(({ perMonth }) => perMonth === undefined) ? null : sum(same),
    })),
    date,
    source,
    location,
  }
}

const cents = (amount: number): number => Math.round(amount * 100) / 100

/** Workers are not there while the cluster is stopped, and neither are their disks. */
function partsOf({ role, instanceType, diskSize, spot }: Node, location: string): readonly Part[] {
  const always = role !== 'worker'
  const tier = isPremium(instanceType) ? 'premium' : 'standard'
  const disk = (size: number): Part => ({ what: `${tier} disk of ${size} GB`, always, perMonth: diskPrice(tier, size, location) })
  const hours = machinePrice(instanceType, location)
  const machine = hours === undefined ? undefined : hours * HOURS * Math.min(1, (spot?.maxPrice ?? 100) / 100)
  return [
    { what: `${instanceType}${spot ? ' (spot)' : ''}`, always: false, perMonth: machine },
    disk(OS_DISK),
    ...(diskSize > 0 ? [disk(diskSize)] : []),
  ]
}

/** Azure gives a machine the best disks that its size can have [learn: virtual-machines/vm-naming-conventions: s = premium storage capable]. */
const isPremium = (size: string): boolean => /^Standard_[A-Z]+\d+[a-z]*s/.test(size) || /^Standard_B/i.test(size)

function diskPrice(tier: 'premium' | 'standard', size: number, location: string): number | undefined {
  const price = priceTable.diskMonths[tier].find(([upTo]) => size <= upTo)?.[1]
  return price === undefined ? undefined : price * (locationFactor(location) ?? 1)
}
