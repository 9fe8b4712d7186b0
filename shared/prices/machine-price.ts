import { priceTable } from './price-table.ts'

/** What a machine of a size costs on demand, for an hour; undefined where the table does not know it. */
export function machinePrice(size: string): number | undefined {
  const series = priceTable.vCpuHours.find((known) => known.series.test(size))
  return series ? series.price * Number(/\d+/.exec(size)?.[0]) : priceTable.machineHours[size.toLowerCase()]
}
