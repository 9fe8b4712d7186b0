import path from 'node:path'
import { parseArgs } from 'node:util'
import { StartError } from './start-error.ts'

export const HELP = `The embedded Functions host: runs an app for @azure/functions 4 on this machine.

  node local/host/main.ts --app DIR [--port N] [--settings FILE] [--keys FILE] [--with-parent] [--verbose]

  --app DIR        folder with host.json and package.json, whose "main" names the app's entry point
  --port N         default 7071; 0 for any free port; always on 127.0.0.1
  --settings FILE  a local.settings.json; variables of the environment stand above it
  --keys FILE      {"master": "…", "function": "…", "system": {"eventgrid_extension": "…"}}; without it no keys are asked for
  --with-parent    end when standard input closes
  --verbose        log everything

When it is ready, one line of JSON appears on standard output: {"url": "http://127.0.0.1:7071"}. The rest goes to standard error.
`

export interface CommandLine {
  /** Absolute. */
  readonly app: string
  readonly port: number
  readonly settings?: string | undefined
  readonly keys?: string | undefined
  readonly withParent: boolean
  readonly verbose: boolean
}

/** @returns undefined when help is asked for. @throws StartError */
export function readCommandLine(args: readonly string[]): CommandLine | undefined {
  const values = parse(args)
  if (values.help) return undefined
  if (!values.app) throw new StartError('arguments-wrong', 'Say which app to run: --app DIR (--help says more).')
  const port = Number(values.port)
  if (!/^\d+$/.test(values.port) || port > 65_535) {
    throw new StartError('arguments-wrong', `--port must be a number from 0 to 65535, not "${values.port}".`)
  }
  const { settings, keys, verbose } = values
  return { app: path.resolve(values.app), port, settings, keys, verbose, withParent: values['with-parent'] }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        app: { type: 'string' },
        port: { type: 'string', default: '7071' },
        settings: { type: 'string' },
        keys: { type: 'string' },
        'with-parent': { type: 'boolean', default: false },
        verbose: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values
  } catch (cause) {
    throw new StartError('arguments-wrong', `${cause instanceof Error ? cause.message : cause} (--help says what there is).`, { cause })
  }
}
