import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { realClock } from '../local/clock.ts'

/** A Node program that says on standard output, in one line of JSON, that it is ready. */
export interface Program<Ready> extends AsyncDisposable {
  readonly pid: number
  readonly ready: Ready
  /** Milliseconds from its launch to that line. */
  readonly readyAfter: number
}

/** Past this a graceful end has failed; milliseconds. */
const STOP_MS = 30_000
/** How much of what it complained about is shown, characters. */
const LAST_WORDS = 2000

/** Launches it and waits until it is ready. Its end is awaited at the end of the scope; it does not outlive this process. */
export async function startProgram<Ready>(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Program<Ready>> {
  const launched = performance.now()
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_NO_WARNINGS: '1', ...env },
    stdio: 'pipe',
  })
  const abandon = () => child.kill('SIGTERM')
  process.once('exit', abandon)
  let words = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    words = (words + chunk).slice(-LAST_WORDS)
  })
  const gone = once(child, 'exit').finally(() => process.off('exit', abandon))
  const [line] = await Promise.race([
    once(createInterface(child.stdout), 'line'),
    gone.then(([code]) => Promise.reject(new Error(`${args[0]} ended with ${code}: ${words}`))),
  ])
  return {
    pid: child.pid ?? -1,
    readyAfter: performance.now() - launched,
    ready: JSON.parse(String(line)) as Ready,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const callOff = realClock.after(STOP_MS, () => child.kill('SIGKILL'))
      child.kill('SIGTERM')
      await gone
      callOff()
    },
  }
}
