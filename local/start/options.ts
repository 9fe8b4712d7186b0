import { existsSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'

/** Times as fast as the real Azure; a first cluster is running in about 15 s at this. */
const DEFAULT_SPEED = 50

export interface StartOptions {
  /** Of the API; the simulated Azure and the storage emulator listen on the five ports behind it. 0: any free ones. */
  readonly port: number
  readonly speed: number
  readonly seed: number
  readonly faults: string | undefined
  readonly data: string
  readonly reset: boolean
  readonly json: boolean
}

/** Something the person at the keyboard can put right; shown as one sentence, exit code 1. */
export class StartError extends Error {}

export const HELP = `Runs Slipway on this machine: the API, a simulated Azure and a storage emulator, all on 127.0.0.1.

  npm start -- [options]

  --port N        port of the API; the simulated Azure takes the next two (HTTP, HTTPS), the storage
                  emulator the three after them. 0: any free ports              (default 7071)
  --speed N       how many times faster than the real one the simulated Azure works, 1 to 1000
                                                                                (default ${DEFAULT_SPEED})
  --seed N        seed of everything that is left to chance                     (default 1)
  --faults FILE   what goes wrong in the simulated Azure, as JSON (docs/local-world.md)
  --data DIR      where everything is kept                                      (default .local)
  --reset         forget everything first
  --json          one line of JSON on standard output when ready, the rest on standard error
  --help          this text

Two worlds with other ports and data folders run side by side. Ctrl-C ends everything; the next start goes on where it was.
`

/** Reads the command line; throws a StartError that names the option and what it takes. `undefined`: only help was asked for. */
export function parseOptions(args: readonly string[]): StartOptions | undefined {
  const values = parse(args)
  if (values.help) return undefined
  return {
    port: numberOf('port', values.port, 7071, 0, 65_530),
    speed: numberOf('speed', values.speed, DEFAULT_SPEED, 1, 1000),
    seed: numberOf('seed', values.seed, 1, 0, 2 ** 32 - 1),
    faults: fileOf(values.faults),
    data: path.resolve(values.data ?? '.local'),
    reset: values.reset ?? false,
    json: values.json ?? false,
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        speed: { type: 'string' },
        seed: { type: 'string' },
        faults: { type: 'string' },
        data: { type: 'string' },
        reset: { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values
  } catch (error) {
    throw new StartError(`${(error as Error).message.split('. ')[0]}. npm start -- --help lists the options.`)
  }
}

function numberOf(name: string, text: string | undefined, fallback: number, least: number, most: number): number {
  const value = text === undefined ? fallback : text.trim() === '' ? Number.NaN : Number(text)
  const whole = name === 'speed' || Number.isInteger(value)
  if (whole && value >= least && value <= most) return value
  throw new StartError(`--${name} takes a${name === 'speed' ? '' : ' whole'} number from ${least} to ${most}, not "${text}".`)
}

function fileOf(file: string | undefined): string | undefined {
  if (file === undefined) return undefined
  if (!existsSync(file)) throw new StartError(`--faults: there is no file ${file}.`)
  return path.resolve(file)
}
