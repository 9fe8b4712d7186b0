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
  const text = JSON.stringify(value)
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

/** No surrogate pair is cut: half of one does not survive UTF-8. */
function pieces(text: string): Record<`data${number}`, string> {
  const columns: Record<`data${number}`, string> = {}
  for (let start = 0, index = 0; start < text.length; index++) {
    const last = text.charCodeAt(start + COLUMN_LIMIT - 1)
    const end = start + COLUMN_LIMIT - (last >= 0xd800 && last < 0xdc00 ? 1 : 0)
    columns[`data${index}`] = text.slice(start, end)
    start = end
  }
  return columns
}
