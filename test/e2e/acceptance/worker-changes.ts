import type { Workers } from './cluster-block.ts'
import type { Worker } from './wire-structs.ts'

/** By type, disk and price; where only a count differs, the price is left out [contract §2.6]. */
export function workerChanges(is: readonly Omit<Worker, 'privateIps'>[], wanted: readonly Workers[]) {
  const keyOf = ({ instanceType, diskSize, spotInfo }: (typeof is)[number]) => JSON.stringify([instanceType, diskSize, spotInfo])
  const before = new Map(is.map((group) => [keyOf(group), group]))
  const after = new Map(wanted.map((group) => [keyOf({ ...group, spotInfo: group.spotInfo }), group]))
  const toAdd: object[] = []
  const toRemove: object[] = []
  for (const [key, group] of after) {
    const { instanceType, diskSize, count } = group
    const delta = count - (before.get(key)?.count ?? 0)
    if (!before.has(key)) toAdd.push(group)
    else if (delta > 0) toAdd.push({ instanceType, diskSize, count: delta })
    else if (delta < 0) toRemove.push({ instanceType, diskSize, count: -delta })
  }
  for (const [key, { instanceType, diskSize, count, spotInfo }] of before)
    if (!after.has(key)) toRemove.push({ instanceType, diskSize, count, ...(spotInfo && { spotInfo }) })
  return { toAdd, toRemove }
}
