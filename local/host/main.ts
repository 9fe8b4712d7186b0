import { setFlagsFromString } from 'node:v8'
import { HELP, readCommandLine } from './command-line.ts'
import { processEnvironment } from './environment.ts'
import type { HostEvent } from './host-event.ts'
import { readKeys } from './keys-file.ts'
import { readLocalSettings } from './local-settings.ts'
import { StartError } from './start-error.ts'
import { type Host, startHost } from './start-host.ts'

const print = (line: string) => process.stderr.write(`${line}\n`)

function logTo(verbose: boolean): (event: HostEvent) => void {
  return ({ level, category, message, function: fn, error }) => {
    const isDetail = level === 'trace' || level === 'debug' || (level === 'information' && category === 'host')
    if (isDetail && !verbose) return
    print(`[${level}] ${fn && !message.includes(fn) ? `${fn}: ` : ''}${message}`)
    if (error !== undefined) print(`  ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  }
}

function banner(host: Host): void {
  print('\nEmbedded Functions host\n\nFunctions:\n')
  for (const { name, trigger, path, methods, disabled } of host.functions) {
    if (disabled) print(`\tFunction ${name} is disabled.`)
    else if (path !== undefined) print(`\t${name}: [${(methods ?? ['any']).join(',')}] ${host.url}${path}`)
    else print(`\t${name}: ${trigger}`)
  }
  print('')
}

/**
 * How far the heap may outgrow what was alive at the last collection, in percent. Left to itself V8 lets a burst of work grow it
 * severalfold and keeps that: 200 clusters provisioned at once took 620 MiB of which 100 were alive (npm run bench).
 */
const HEAP_GROWTH = 40

async function run(): Promise<void> {
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH}`)
  const options = readCommandLine(process.argv.slice(2))
  if (!options) {
    process.stdout.write(HELP)
    return
  }
  let host: Host | undefined
  let ending = false
  const end = () => {
    // Asked twice means: at once. Before it is ready there is nothing to save.
    if (ending || !host) process.exit(ending ? 130 : 0)
    ending = true
    host.stop().then(() => process.exit(0), fail)
  }
  process.on('SIGINT', end)
  process.on('SIGTERM', end)
  if (options.withParent) process.stdin.once('close', end).resume()

  const environment = processEnvironment()
  const local = options.settings ? readLocalSettings(options.settings, environment, print) : {}
  const given = Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined)
  host = await startHost({
    app: options.app,
    settings: { ...local, ...Object.fromEntries(given) },
    port: options.port,
    ...(options.keys && { keys: readKeys(options.keys) }),
    log: logTo(options.verbose),
  })
  host.ended.then((error) => {
    if (!error) return
    print(error.message)
    process.exit(1)
  })
  banner(host)
  process.stdout.write(`${JSON.stringify({ url: host.url })}\n`)
}

function fail(error: unknown): never {
  // A StartError is for the user: one sentence. What the app itself has thrown, its developer wants to see whole.
  const isForUser = error instanceof StartError
  print(isForUser ? error.message : String(error))
  const thrown = isForUser && error.code !== 'app-failed' ? undefined : isForUser ? error.cause : error
  if (thrown instanceof Error && thrown.stack) print(thrown.stack)
  process.exit(1)
}

run().catch(fail)
