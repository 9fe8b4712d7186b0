import type { Instance } from './instance.ts'
import type { InstanceStore, InstanceSummary, StoredInstance } from './instance-store.ts'

/** The instances that have ended: moved aside behind everybody's back, read only when somebody asks. */
export interface Archive {
  add(ended: StoredInstance): Promise<void>
  get(instanceId: string): Promise<Instance | undefined>
  /** False if there was none. */
  remove(instanceId: string): Promise<boolean>
  /** Every ended instance by id; the first call lists them all. */
  summaries(): Promise<ReadonlyMap<string, InstanceSummary>>
  /** Resolves when nothing is being moved or removed under this id, or under any. */
  settled(instanceId?: string): Promise<void>
}

export function archive(store: InstanceStore): Archive {
  const arriving = new Map<string, Instance>()
  const moves = new Map<string, Promise<unknown>>()
  let known: Promise<Map<string, InstanceSummary>> | undefined

  /** One move of an id at a time, in the order of the calls. */
  function inTurn<T>(instanceId: string, move: () => Promise<T>): Promise<T> {
    const done = (moves.get(instanceId) ?? Promise.resolve()).then(move)
    const settled = done
      .catch(() => undefined)
      .then(() => {
        if (moves.get(instanceId) === settled) moves.delete(instanceId)
      })
    moves.set(instanceId, settled)
    return done
  }

  /** What has been listed stays right; what is being listed is put right afterwards. */
  function note(instanceId: string, summary: InstanceSummary | undefined): void {
    known = known?.then((summaries) => {
      if (summary) summaries.set(instanceId, summary)
      else summaries.delete(instanceId)
      return summaries
    })
  }

  return {
    add(ended) {
      const { instance } = ended
      const { instanceId, status, createdTime } = instance
      arriving.set(instanceId, instance)
      note(instanceId, { status, createdTime })
      return inTurn(instanceId, async () => {
        await store.archive(ended)
        if (arriving.get(instanceId) === instance) arriving.delete(instanceId)
      })
    },
    get: async (instanceId) => arriving.get(instanceId) ?? store.loadArchived(instanceId),
    remove: (instanceId) =>
      inTurn(instanceId, async () => {
        note(instanceId, undefined)
        return store.removeArchived(instanceId)
      }),
    summaries() {
      known ??= store.listArchived().catch((error: unknown) => {
        known = undefined
        throw error
      })
      return known
    },
    async settled(instanceId) {
      if (instanceId !== undefined) await moves.get(instanceId)
      else await Promise.all(moves.values())
    },
  }
}
