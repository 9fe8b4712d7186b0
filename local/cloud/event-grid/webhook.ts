import type { Azure } from '../azure.ts'

/** Milliseconds of the clock that a webhook has to answer. */
const TIMEOUT = 30_000
/** Bytes of an answer that are looked at. */
const LONGEST_ANSWER = 64 * 1024

/** What is under way for each simulated Azure of this process; aborted when it stops. */
const running = new WeakMap<Azure, AbortController>()

export function startWebhooks(azure: Azure): () => void {
  const controller = new AbortController()
  running.set(azure, controller)
  return () => controller.abort()
}

/** Runs what cannot be waited for. When the simulator stops meanwhile it ends quietly: the journal knows what was not done. */
export function whileRunning(azure: Azure, action: () => Promise<void>): void {
  action().catch((error: unknown) => {
    if (!running.get(azure)?.signal.aborted) azure.log(`event grid: ${error instanceof Error ? error.stack : error}`)
  })
}

export interface WebhookAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/** undefined when nobody answers in time. */
export async function post(
  azure: Azure,
  url: string,
  init: { method: string; headers: Record<string, string>; body?: string },
): Promise<WebhookAnswer | undefined> {
  const timeout = new AbortController()
  const calledOff = azure.clock.after(TIMEOUT, () => timeout.abort())
  const stopped = running.get(azure)?.signal
  try {
    const response = await fetch(url, {
      ...init,
      redirect: 'error',
      signal: AbortSignal.any([timeout.signal, ...(stopped ? [stopped] : [])]),
    })
    let text = ''
    for await (const chunk of response.body ?? []) {
      if (text.length < LONGEST_ANSWER) text += Buffer.from(chunk).toString('utf8')
    }
    return { status: response.status, headers: response.headers, text }
  } catch (error) {
    if (stopped?.aborted) throw error
    return undefined
  } finally {
    calledOff()
  }
}
