import { realWait } from '../clock.ts'
import { classify } from './classify.ts'

/** Seconds before each further attempt, and the longest that a caller is kept waiting because Azure says so. */
const PAUSES = [0.2, 0.6]
const LONGEST_PAUSE = 2

/**
 * Azure's answer for somebody who waits for it, and may not ask again: the public Terraform provider gives up at the first 5xx.
 * What passes by itself is asked twice more, so only for what changes nothing; steps of operations have their own, longer patience.
 */
export async function answered<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (const pause of PAUSES) {
    try {
      return await ask()
    } catch (error) {
      const { code, retryAfter = pause } = classify(error)
      if ((code !== 'transient' && code !== 'throttled') || retryAfter > LONGEST_PAUSE) throw error
      await realWait(Math.max(pause, retryAfter) * 1000)
    }
  }
  return ask()
}
