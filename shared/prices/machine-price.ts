import { priceTable } from './price-table.ts'

/** What a machine of a size costs on demand in a location, US dollars an hour; undefined where the table does not know one of them. */
export function machinePrice(size: string, location: string): number | undefined {
  const series = priceTable.vCpuHours.find((known) => known.series.test(size))
  const vCpus = Number(/\d+/.exec(size)?.[0] ?? 0)
  const price = priceTable.machineHours[size.toLowerCase()] ?? (series && vCpus > 0 ? series.price * vCpus : undefined)
  const factor = locationFactor(location)
  return price === undefined || factor === undefined ? undefined : price * factor
}

/** What things cost in a location, of what they cost where the table's prices are from; undefined where that is not known. */
export const locationFactor = (location: string): number | undefined => priceTable.locations[location]
