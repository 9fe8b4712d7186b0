/**
 * A value on the border between host and app, as the language worker protocol writes it (RpcTypedData): at most one key is set.
 * An empty object stands for null.
 */
export interface TypedData {
  readonly string?: string
  /** JSON text. */
  readonly json?: string
  readonly bytes?: Uint8Array
  readonly int?: number | string
  readonly double?: number
  readonly http?: HttpData
  readonly collectionBytes?: { readonly bytes: readonly Uint8Array[] }
  readonly collectionString?: { readonly string: readonly string[] }
  readonly collectionDouble?: { readonly double: readonly number[] }
  readonly collectionSint64?: { readonly sint64: readonly (number | string)[] }
}

/** A request on its way in, or a response on its way out. */
export interface HttpData {
  readonly method?: string
  /** Absolute, with its query. */
  readonly url?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly body?: TypedData
  /** Decimal text, as the library writes it. */
  readonly statusCode?: string
  readonly cookies?: readonly HttpCookie[]
  readonly enableContentNegotiation?: boolean
}

interface Nullable<T> {
  readonly value: T
}

export interface HttpCookie {
  readonly name: string
  readonly value: string
  readonly domain?: Nullable<string>
  readonly path?: Nullable<string>
  readonly expires?: { readonly value: { readonly seconds: number } }
  readonly secure?: Nullable<boolean>
  readonly httpOnly?: Nullable<boolean>
  /** `none` means unspecified; `explicitNone` is the attribute's value None. */
  readonly sameSite?: 'none' | 'lax' | 'strict' | 'explicitNone'
  readonly maxAge?: Nullable<number>
}

/** What a handler sees for such a value, as JSON types: texts stay texts, bytes become UTF-8 text. Absent and empty become null. */
export function fromTypedData(data: TypedData | null | undefined): unknown {
  if (data == null) return null
  if (data.json !== undefined) return JSON.parse(data.json)
  if (data.string !== undefined) return data.string
  if (data.int !== undefined) return Number(data.int)
  if (data.double !== undefined) return data.double
  if (data.bytes !== undefined) return Buffer.from(data.bytes).toString('utf8')
  if (data.collectionString) return data.collectionString.string
  if (data.collectionDouble) return data.collectionDouble.double
  if (data.collectionSint64) return data.collectionSint64.sint64.map(Number)
  if (data.collectionBytes) return data.collectionBytes.bytes.map((bytes) => Buffer.from(bytes).toString('utf8'))
  return null
}
