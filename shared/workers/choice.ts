import { isWorker, type Node } from '../clusters/node.ts'
import type { SpotConfiguration, WorkerConfiguration } from '../clusters/worker-configuration.ts'
import { invalid } from '../problem.ts'

/** Which workers are to go. Plain data: it stands in the plan. */
export interface Choice {
  readonly count: number
  /** Names of those that are settled. */
  readonly named: readonly string[]
  /** How many of a size the agent chooses: it knows who is idle. */
  readonly free: Readonly<Record<string, number>>
  /** Names of all that can be meant. */
  readonly candidates: readonly string[]
}

const sameSpot = (a: SpotConfiguration | undefined, b: SpotConfiguration | undefined): boolean =>
  a?.maxPrice === b?.maxPrice && a?.fallBackOnDemand === b?.fallBackOnDemand

/** Workers that an entry of a removal means, those to go first in front. Without `spotInfo` spot workers are meant where the others do not suffice (contract §2.6). */
function meantBy({ instanceType, diskSize, spotInfo }: WorkerConfiguration, workers: readonly Node[]): readonly Node[] {
  const sized = leastMissed(workers.filter((worker) => worker.instanceType === instanceType && worker.diskSize === diskSize))
  if (spotInfo) return sized.filter(({ spot }) => sameSpot(spot, spotInfo))
  return [...sized.filter(({ spot }) => !spot), ...sized.filter(({ spot }) => spot)]
}

/** Whoever is not even there is missed least, then the newest. */
export const leastMissed = (workers: readonly Node[]): readonly Node[] =>
  workers.toReversed().toSorted((a, b) => Number(isAbsent(b)) - Number(isAbsent(a)))

const isAbsent = ({ privateIp }: Node): boolean => privateIp === undefined

/** The workers that are removed by a request, entry by entry; ProblemError `invalid` where there are not so many. */
export function meant(entries: readonly WorkerConfiguration[], nodes: readonly Node[]): readonly Node[] {
  const chosen = new Set<Node>()
  for (const [index, entry] of entries.entries()) {
    const left = nodes.filter((node) => isWorker(node) && !node.leaving && !chosen.has(node))
    const fitting = meantBy(entry, left)
    if (fitting.length < entry.count)
      invalid(`workers.${index}.count`, `the cluster has ${fitting.length} such workers, not ${entry.count}`)
    for (const node of fitting.slice(0, entry.count)) chosen.add(node)
  }
  return [...chosen]
}

const isLike = (a: Node, b: Node): boolean => a.diskSize === b.diskSize && sameSpot(a.spot, b.spot) && a.byHand === b.byHand

/** Leaves the choice to the agent where a size stands for one kind of worker alone; otherwise it could take one of another disk or price, or one that scales. */
export function choiceOf(leaving: readonly Node[], nodes: readonly Node[]): Choice {
  const named: Node[] = []
  const free: Record<string, number> = {}
  const candidates = new Set(leaving)
  for (const node of leaving) {
    const alike = nodes.filter((other) => isWorker(other) && !isAbsent(other) && !other.leaving && other.instanceType === node.instanceType)
    const isClear = alike.every((other) => isLike(other, node))
    if (isAbsent(node) || !isClear) {
      named.push(node)
      continue
    }
    free[node.instanceType] = (free[node.instanceType] ?? 0) + 1
    for (const other of alike) candidates.add(other)
  }
  return { count: leaving.length, named: named.map(({ name }) => name), free, candidates: [...candidates].map(({ name }) => name) }
}
