import { setTimeout as pause } from 'node:timers/promises'

export { pause }

/** Asks again and again, `everyMs` apart, until there is an answer; throws with `what` after `seconds`. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  { everyMs, seconds }: { readonly everyMs: number; readonly seconds: number },
): Promise<T> {
  const end = performance.now() + seconds * 1000
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (performance.now() > end) throw new Error(`${what}: not within ${seconds} s`)
    await pause(everyMs)
  }
}
