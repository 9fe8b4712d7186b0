import type { Load } from './load.ts'
import { sendLoad } from './send.ts'

/** A process of its own, so that the load does not slow down what measures. It is told what to send, says what came of it, and ends. */
process.once('message', async (load: Load) => {
  process.send?.(await sendLoad(load))
  process.disconnect()
})
