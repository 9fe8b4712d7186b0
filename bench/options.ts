import { parseArgs } from 'node:util'

export interface BenchOptions {
  /** Names of rows; none: all. */
  readonly only: readonly string[]
  /** Fewer repetitions and shorter loads. */
  readonly quick: boolean
  /** Put the table into docs/benchmarks.md as well. */
  readonly write: boolean
}

/** Wrong arguments, for the one who typed them. */
export class UsageError extends Error {}

/** Undefined: help was asked for. Throws UsageError. */
export function parseOptions(args: readonly string[], rows: readonly string[]): BenchOptions | undefined {
  const { only, quick, write, help } = parse(args)
  if (help) return undefined
  const unknown = only.find((name) => !rows.includes(name))
  if (unknown !== undefined) throw new UsageError(`There is no row "${unknown}". Rows: ${rows.join(', ')}.`)
  if (write && only.length > 0) throw new UsageError('--write takes the whole table: leave --only out.')
  return { only, quick, write }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        only: { type: 'string', multiple: true, default: [] },
        quick: { type: 'boolean', default: false },
        write: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values
  } catch (cause) {
    throw new UsageError(`${cause instanceof Error ? cause.message : cause}`, { cause })
  }
}
