import { fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { Bench } from '../bench.ts'
import type { Load, LoadOutcome } from './load.ts'

/** Sends the load from another process. */
export async function runLoad({ root }: Bench, load: Load): Promise<LoadOutcome> {
  const sender = fork(path.join(root, 'bench/load/main.ts'))
  sender.send(load)
  const [outcome] = await Promise.race([
    once(sender, 'message'),
    once(sender, 'exit').then(([code]) => Promise.reject(new Error(`the sender of the load ended with ${code}`))),
  ])
  return outcome as LoadOutcome
}
