import type { Clock } from '../clock.ts'
import { ProblemError } from '../problem.ts'
import type { Services } from '../services.ts'

/**
 * Room in memory for the manifests of all repositories that are worked on at once. Who came first always gets more, so that the largest
 * repository comes to an end; all the others wait when there is none left. So there is never more in memory than `most` and one repository.
 */
export interface Room {
  enter(): Place
}

export interface Place {
  /** Waits for room for so many more manifests. ProblemError `throttled` where that is there after `until` (epoch ms) only. */
  grow(manifests: number, until: number): Promise<void>
  leave(): void
}

/** Manifests, with bodies and all: about a hundred megabytes. */
const MOST = 50_000
const SOON = 1

export function createRoom(most: number, clock: Clock): Room {
  const places = new Set<object>()
  const waiting = new Set<() => void>()
  let held = 0

  return {
    enter() {
      const place = {}
      let mine = 0
      places.add(place)
      const mayGrow = (manifests: number) => held + manifests <= most || places.values().next().value === place
      return {
        async grow(manifests, until) {
          while (!mayGrow(manifests)) {
            await new Promise<void>((resolve) => waiting.add(resolve))
            if (clock.now() > until) throw outOfTime()
          }
          mine += manifests
          held += manifests
        },
        leave() {
          if (!places.delete(place)) return
          held -= mine
          const all = [...waiting]
          waiting.clear()
          for (const wake of all) wake()
        },
      }
    },
  }
}

const outOfTime = () =>
  new ProblemError({ code: 'throttled', message: 'Other repositories are worked on first.', retryable: true, retryAfter: SOON })

const rooms = new WeakMap<Services['tables'], Room>()

/** One for all runs of this process. */
export function roomOf({ tables, clock }: Pick<Services, 'tables' | 'clock'>): Room {
  const known = rooms.get(tables) ?? createRoom(MOST, clock)
  rooms.set(tables, known)
  return known
}
