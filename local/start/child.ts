import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { realClock } from '../clock.ts'
import { StartError } from './options.ts'

export interface ChildOptions {
  readonly name: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  /** Resolves when it can be used. */
  readonly ready: (child: ChildProcess) => Promise<unknown>
  readonly say: (line: string) => void
}

/** Ends the child when its standard input closes, and does not keep it alive. A data URL, because it is loaded before anything of the child's own. */
const WITH_PARENT = `data:text/javascript,${encodeURIComponent("process.stdin.on('end', () => process.kill(process.pid, 'SIGTERM')).resume().unref()")}`

export interface Child {
  readonly name: string
  pid(): number
  stop(): Promise<void>
}

/** A process that dies is started again after so many milliseconds, doubled at each death in quick succession. */
const RESTART_MS = 200
/** Somebody waits for it, and its start takes about as long again. */
const LONGEST_RESTART_MS = 1000
/** One that lived this long begins anew with the shortest pause. */
const SETTLED_MS = 60_000
/** Past this the graceful end has failed. */
const STOP_MS = 15_000

/**
 * Starts a process of the world and keeps it running until `stop`.
 * Its standard input is a pipe that closes when this process dies, however it dies: the child then ends itself.
 * It has a process group of its own, so that Ctrl-C reaches only us and we end things in order.
 */
export async function startChild(options: ChildOptions): Promise<Child> {
  const { name, say } = options
  let stopping = false
  let pause = RESTART_MS
  let child: ChildProcess = launch(options)
  await firstReady(child, options)
  const watch = (born: number) =>
    child.once('exit', (code, signal) => {
      if (stopping) return
      pause = realClock.now() - born > SETTLED_MS ? RESTART_MS : Math.min(pause * 2, LONGEST_RESTART_MS)
      say(`${name} ended (${signal ?? `exit code ${code}`}); starting it again.`)
      realClock.after(pause, () => {
        if (stopping) return
        child = launch(options)
        say(`${name} is process ${child.pid} now.`)
        watch(realClock.now())
        options.ready(child).then(
          () => say(`${name} runs again.`),
          () => undefined,
        )
      })
    })
  watch(realClock.now())
  return {
    name,
    pid: () => child.pid ?? -1,
    async stop() {
      stopping = true
      await end(child)
    },
  }
}

function launch({ args, env, cwd }: ChildOptions): ChildProcess {
  const child = spawn(process.execPath, ['--import', WITH_PARENT, ...args], { cwd, env, stdio: 'pipe', detached: true })
  // Nobody reads what it says once it runs; a full pipe would stop it.
  child.stdout?.resume()
  child.stderr?.resume()
  return child
}

/** For what says that it is ready in one line of JSON on standard output. Whoever waits looks at the child's end by himself. */
export function readyLine(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      if (chunk.includes('\n')) resolve()
    })
  })
}

/** The first start has nobody to try again for: what the child said last is the reason that the person sees. */
async function firstReady(child: ChildProcess, options: ChildOptions): Promise<void> {
  let last = ''
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    last = (last + chunk).slice(-4000)
  })
  const gone = once(child, 'exit').then(() => {
    throw new StartError(`${options.name} did not start: ${inOneSentence(last) || 'it said nothing'}`)
  })
  await Promise.race([options.ready(child), gone])
}

const inOneSentence = (said: string) => (said.split('Usage:')[0] ?? '').replace(/\s+/g, ' ').trim()

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const exited = once(child, 'exit')
  const callOff = realClock.after(STOP_MS, () => child.kill('SIGKILL'))
  child.kill('SIGTERM')
  await exited
  callOff()
}
