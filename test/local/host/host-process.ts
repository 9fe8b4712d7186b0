import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'

const MAIN = path.resolve(__dirname, '../../../local/host/main.ts')

/** The host as its users start it: a process of its own. */
export interface HostProcess {
  readonly child: ChildProcess
  /** Standard error so far. */
  errors(): string
  /** The line of JSON that says it is ready, or undefined when it ended without one. */
  readonly ready: Promise<{ readonly url: string } | undefined>
  /** Exit code, or the signal's name. */
  readonly exit: Promise<number | string>
}

const running = new Set<ChildProcess>()

afterAll(() => {
  for (const child of running) child.kill('SIGKILL')
})

export function hostProcess(args: readonly string[], environment: Readonly<Record<string, string>> = {}): HostProcess {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { PATH: process.env.PATH, ...environment }, stdio: 'pipe' })
  running.add(child)
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const exit = once(child, 'close').then(([code, signal]: (number | string | null)[]) => {
    running.delete(child)
    return code ?? signal ?? -1
  })
  const line = once(child.stdout.setEncoding('utf8'), 'data').then(([text]) => JSON.parse(text))
  return { child, errors: () => errors, exit, ready: Promise.race([line, exit.then(() => undefined)]) }
}
