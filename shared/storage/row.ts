import { gunzipSync, gzipSync } from 'node:zlib'
import { ProblemError } from '../problem.ts'

/** Most UTF-16 units of one string column; the service's limit is 32,768. */
const COLUMN_LIMIT = 30_000
/** Most UTF-16 units of one row's data; the service's limit is 1 MiB for a row, two bytes a unit. */
const ROW_LIMIT = 400_000

/** Columns that hold a value: its JSON text in pieces. */
export interface DataColumns {
  /** The text is gzip in base64, because the value would not fit otherwise. */
  readonly gzip?: true
  readonly [data: `data${number}`]: string
}

/** A value as columns. The plan of a thousand nodes fits a row compressed, so no value needs a second place to be lost in. */
export function columnsOf(value: unknown): DataColumns {
  const text = asciiJson(value)
  if (text.length <= ROW_LIMIT) return pieces(text)
  const packed = gzipSync(text).toString('base64')
  if (packed.length > ROW_LIMIT) {
    throw new ProblemError({ code: 'too-large', message: 'This is too large to be stored, even compressed.', retryable: false })
  }
  return { gzip: true, ...pieces(packed) }
}

export function valueFrom(columns: Readonly<Record<string, unknown>>): unknown {
  let text = ''
  for (let index = 0; ; index++) {
    const piece = columns[`data${index}`]
    if (typeof piece !== 'string') break
    text += piece
  }
  return JSON.parse(columns.gzip === true ? gunzipSync(Buffer.from(text, 'base64')).toString() : text)
}

function pieces(text: string): Record<`data${number}`, string> {
  const columns: Record<`data${number}`, string> = {}
  for (let start = 0, index = 0; start < text.length; start += COLUMN_LIMIT, index++) {
    columns[`data${index}`] = text.slice(start, start + COLUMN_LIMIT)
  }
  return columns
}

/** JSON in ASCII: nothing can be cut in the middle, neither by us nor by the emulator, which breaks characters where two network packets meet. */
const asciiJson = (value: unknown): string =>
  JSON.stringify(value).replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
