import { isDeepStrictEqual } from 'node:util'
import type { Api, WireCluster } from '../api.ts'
import { ask, callNames, callOf } from './calls.ts'

const PAUSE_MS = 20
/** A look out of so many also asks what may be done. */
const ASKED_EVERY = 10

/** Looks at a cluster all the while, and tells which states it saw once it is stopped. What may be done is done when it is asked for. */
export function watch(api: Api, id: string): () => Promise<ReadonlySet<string>> {
  const seen = new Set<string>()
  let isOver = false
  const watching = (async () => {
    for (let count = 0; !isOver; count++) {
      const cluster = await api.cluster(id)
      seen.add(cluster?.state ?? 'gone')
      if (cluster && count % ASKED_EVERY === 0) await compareActions(api, cluster)
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
  })()
  // Who stops it hears of its failure.
  watching.catch(() => {})
  return async () => {
    isOver = true
    await watching
    return seen
  }
}

/** What the cluster says it does not allow is refused, and what it allows is not refused for the cluster's state. */
async function compareActions(api: Api, cluster: WireCluster): Promise<void> {
  const asked = callNames.filter((name) => callOf(name).makesSense?.(cluster) ?? true)
  const answers = await Promise.all(
    asked.flatMap((name) => {
      const allowed = cluster.allowedActions.find(({ action }) => action === callOf(name).action)?.allowed
      if (allowed === undefined) return []
      return [ask(api, callOf(name), cluster).then((answer) => ({ name, allowed, ...answer }))]
    }),
  )
  // While it was asked the cluster may have gone on.
  if (!isDeepStrictEqual(await api.cluster(cluster.id), cluster)) return
  for (const answer of answers) expect(answer).toMatchObject({ goesThrough: answer.allowed })
}
