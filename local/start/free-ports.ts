import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

/** Below the ports that systems give to the caller's end of a connection (Linux from 32768, others from 49152): nobody takes them by accident. */
const LOWEST = 10_240
const HIGHEST = 32_767

/**
 * Ports of 127.0.0.1, side by side, that nobody listens on at this moment. What dies and is started again on one of them finds it free:
 * no connection that was opened meanwhile has it.
 */
export async function freePorts(count: number): Promise<number[]> {
  for (let tries = 100; tries > 0; tries--) {
    const first = randomInt(LOWEST, HIGHEST + 2 - count)
    const ports = Array.from({ length: count }, (_, index) => first + index)
    const free = await Promise.all(ports.map(isFree))
    if (free.every(Boolean)) return ports
  }
  throw new Error(`no ${count} free ports side by side from ${LOWEST} to ${HIGHEST}`)
}

export async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  const listening = once(server.listen(port, '127.0.0.1'), 'listening')
  try {
    await listening
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}
