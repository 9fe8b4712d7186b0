/**
 * JSON as Go's decoder reads it into the client's structs [contract §1.2]: `null` or nothing is the zero value, unknown keys are let through,
 * an integer has neither fraction nor exponent, and a pointer is nil only where nothing or `null` is written.
 */
export type Decoder<T> = (value: unknown, at: string) => T
export type Decoded<D> = D extends Decoder<infer T> ? T : never

/** A number as it is written. */
interface Literal {
  readonly literal: string
}

/** ES2025's third argument, which the compiler's library does not know yet. */
type Reviver = (key: string, value: unknown, context: { readonly source: string }) => unknown

const keepNumbers: Reviver = (_key, value, { source }) => (typeof value === 'number' ? ({ literal: source } satisfies Literal) : value)

export const parseJson = (text: string): unknown => JSON.parse(text, keepNumbers as (key: string, value: unknown) => unknown)

const isNil = (value: unknown): value is null | undefined => value === null || value === undefined
const isLiteral = (value: unknown): value is Literal => typeof value === 'object' && value !== null && 'literal' in value

function mismatch(value: unknown, at: string, type: string): never {
  throw new Error(`json: cannot unmarshal ${JSON.stringify(value)} into field ${at} of type ${type}`)
}

export const text: Decoder<string> = (value, at) => (isNil(value) ? '' : typeof value === 'string' ? value : mismatch(value, at, 'string'))

export const flag: Decoder<boolean> = (value, at) =>
  isNil(value) ? false : typeof value === 'boolean' ? value : mismatch(value, at, 'bool')

export const int: Decoder<number> = (value, at) => {
  if (isNil(value)) return 0
  return isLiteral(value) && /^-?\d+$/.test(value.literal) ? Number(value.literal) : mismatch(value, at, 'int')
}

export const float: Decoder<number> = (value, at) =>
  isNil(value) ? 0 : isLiteral(value) ? Number(value.literal) : mismatch(value, at, 'float64')

export const list =
  <T>(of: Decoder<T>): Decoder<readonly T[]> =>
  (value, at) =>
    isNil(value) ? [] : Array.isArray(value) ? value.map((one, index) => of(one, `${at}.${index}`)) : mismatch(value, at, 'slice')

export const struct =
  <Fields extends Record<string, Decoder<unknown>>>(fields: Fields): Decoder<{ readonly [Key in keyof Fields]: Decoded<Fields[Key]> }> =>
  (value, at) => {
    if (!isNil(value) && (typeof value !== 'object' || Array.isArray(value) || isLiteral(value))) return mismatch(value, at, 'struct')
    const given = (value ?? {}) as Record<string, unknown>
    const decoded = Object.entries(fields).map(([key, decode]) => [key, decode(given[key], `${at}.${key}`)])
    return Object.fromEntries(decoded) as { readonly [Key in keyof Fields]: Decoded<Fields[Key]> }
  }

export const pointer =
  <T>(of: Decoder<T>): Decoder<T | undefined> =>
  (value, at) =>
    isNil(value) ? undefined : of(value, at)
