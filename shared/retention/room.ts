import type { Clock } from '../clock.ts'
import { ProblemError } from '../problem.ts'
import type { Services } from '../services.ts'

/**
 * Room in memory for the manifests of all repositories that are worked on at once. Who came first always gets more and counts for nothing,
 * so that the largest repository comes to an end and stands in nobody's way; the others share `most`, and wait when it is used up.
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
  /** How much each holds, in the order of coming. */
  const places = new Map<object, number>()
  const waiting = new Set<() => void>()

  function mayGrow(place: object, manifests: number): boolean {
    const [first, ...others] = places
    if (first?.[0] === place) return true
    return others.reduce((sum, [, held]) => sum + held, manifests) <= most
  }

  return {
    enter() {
      const place = {}
      places.set(place, 0)
      return {
        async grow(manifests, until) {
          while (!mayGrow(place, manifests)) {
            await new Promise<void>((resolve) => waiting.add(resolve))
            if (clock.now() > until) throw outOfTime()
          }
          places.set(place, (places.get(place) ?? 0) + manifests)
        },
        leave() {
          places.delete(place)
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
