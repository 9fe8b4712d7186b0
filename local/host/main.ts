import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { processEnvironment } from './environment.ts'
import type { HostKeys } from './extension.ts'
import type { HostEvent } from './host-event.ts'
import { readLocalSettings } from './local-settings.ts'
import { StartError } from './start-error.ts'
import { type Host, startHost } from './start-host.ts'

const HELP = `The embedded Functions host: runs an app for @azure/functions 4 on this machine.

  node local/host/main.ts --app DIR [--port N] [--settings FILE] [--keys FILE] [--with-parent] [--verbose]

  --app DIR        folder with host.json and package.json, whose "main" names the app's entry point
  --port N         default 7071; 0 for any free port; always on 127.0.0.1
  --settings FILE  a local.settings.json; variables of the environment stand above it
  --keys FILE      {"master": "…", "function": "…", "system": {"eventgrid_extension": "…"}}; without it no keys are asked for
  --with-parent    end when standard input closes
  --verbose        log everything

When it is ready, one line of JSON appears on standard output: {"url": "http://127.0.0.1:7071"}. The rest goes to standard error.
`

const print = (line: string) => process.stderr.write(`${line}\n`)

function isKeys(content: unknown): content is HostKeys {
  const isText = (value: unknown) => typeof value === 'string' && value !== ''
  if (typeof content !== 'object' || content === null) return false
  const { master, function: fn, system } = content as Record<string, unknown>
  return isText(master) && isText(fn) && typeof system === 'object' && system !== null && Object.values(system).every(isText)
}

function readKeys(file: string): HostKeys {
  let content: unknown
  try {
    content = JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    // What JSON.parse says would quote the keys.
    throw new StartError('setting-broken', `The keys in ${file} cannot be read as JSON.`, { cause })
  }
  if (isKeys(content)) return content
  throw new StartError('setting-broken', `${file} must hold the keys "master", "function" and "system".`)
}

function readPort(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new StartError('port-taken', `--port must be a number from 0 to 65535, not "${text}".`)
}

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
  for (const { name, trigger, route, methods, disabled } of host.functions) {
    if (disabled) print(`\tFunction ${name} is disabled.`)
    else if (route !== undefined) print(`\t${name}: [${(methods ?? ['any']).join(',')}] ${host.url}/…/${route}`)
    else print(`\t${name}: ${trigger}`)
  }
  print('')
}

async function run(): Promise<void> {
  const { values } = parseArgs({
    options: {
      app: { type: 'string' },
      port: { type: 'string', default: '7071' },
      settings: { type: 'string' },
      keys: { type: 'string' },
      'with-parent': { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(HELP)
    return
  }
  if (!values.app) throw new StartError('app-missing', 'Say which app to run: --app DIR (--help says more).')

  const environment = processEnvironment()
  const local = values.settings ? readLocalSettings(values.settings, environment, print) : {}
  const given = Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const starting = new AbortController()
  let host: Host | undefined
  let ending = false

  const end = () => {
    // Asked twice means: at once.
    if (ending || !host) process.exit(ending ? 130 : 0)
    ending = true
    host.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        print(String(error))
        process.exit(1)
      },
    )
  }
  process.on('SIGINT', end)
  process.on('SIGTERM', end)
  if (values['with-parent']) process.stdin.on('end', end).on('close', end).resume()

  host = await startHost({
    app: path.resolve(values.app),
    settings: { ...local, ...Object.fromEntries(given) },
    port: readPort(values.port),
    ...(values.keys && { keys: readKeys(values.keys) }),
    log: logTo(values.verbose),
    signal: starting.signal,
  })
  host.ended.then((error) => {
    if (!error) return
    print(error.message)
    process.exit(1)
  })
  banner(host)
  process.stdout.write(`${JSON.stringify({ url: host.url })}\n`)
}

run().catch((error: unknown) => {
  print(error instanceof StartError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error))
  if (error instanceof StartError && error.code === 'app-failed' && error.cause instanceof Error) print(error.cause.stack ?? '')
  process.exit(1)
})
