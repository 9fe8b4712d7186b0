import { createHash, timingSafeEqual } from 'node:crypto'
import type { HostKeys } from '../extension.ts'

/** What a request's key opens. */
export interface Access {
  readonly master: boolean
  readonly function: boolean
  system(name: string): boolean
  /** Some valid key was shown, perhaps one for another door: then 403 instead of 401. */
  readonly known: boolean
}

/** A subscription's deliveries always carry a key: what carries none was sent by something else. */
const EVENT_GRID = 'eventgrid_extension'
const NONE: Access = { master: false, function: false, system: () => false, known: false }

/** The key comes as query parameter `code` or as header `x-functions-key`. */
export function accessOf(keys: HostKeys | undefined, url: string, headers: Readonly<Record<string, unknown>>): Access {
  if (!keys) return open(url)
  const header = headers['x-functions-key']
  const shown = codeOf(url) ?? (typeof header === 'string' ? header : undefined)
  if (!shown) return NONE
  const master = isSame(shown, keys.master)
  const fn = isSame(shown, keys.function)
  return {
    master,
    function: master || fn,
    system: (name) => master || isSame(shown, keys.system[name]),
    known: master || fn || Object.values(keys.system).some((key) => isSame(shown, key)),
  }
}

/** Without keys everything is open, like `func start`; Event Grid's webhook takes any key, and refuses none at all as the official host does. */
function open(url: string): Access {
  return { master: true, function: true, system: (name) => name !== EVENT_GRID || codeOf(url) !== undefined, known: false }
}

function codeOf(url: string): string | undefined {
  const query = url.indexOf('?')
  return query < 0 ? undefined : (new URLSearchParams(url.slice(query)).get('code') ?? undefined)
}

/** In constant time, whatever the lengths. */
function isSame(shown: string, key: string | undefined): boolean {
  if (!key) return false
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(shown), digest(key))
}
