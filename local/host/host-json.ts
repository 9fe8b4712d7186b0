import { readFileSync } from 'node:fs'
import path from 'node:path'
import { StartError } from './start-error.ts'
import { parseTimeSpan } from './time-span.ts'

type Section = Record<string, unknown>

/** host.json as this host reads it; the sections belong to the extensions, which fill in their own defaults. */
export interface HostJson {
  /** Milliseconds; Infinity for `-1`. */
  readonly functionTimeout: number
  /** The section of each binding extension as written: `http`, `queues`, `durableTask` … */
  readonly extensions: Readonly<Record<string, unknown>>
}

/** The official host's default outside the Consumption plan, in milliseconds. */
const DEFAULT_FUNCTION_TIMEOUT = 30 * 60_000

/** Reads host.json of an app. Settings named `AzureFunctionsJobHost__a__b` stand above the file's a.b. */
export function readHostJson(app: string, settings: Readonly<Record<string, string>>): HostJson {
  const file = path.join(app, 'host.json')
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    throw new StartError('host-json-broken', `${file} is missing; every function app has one, e.g. {"version": "2.0"}.`, { cause })
  }
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch (cause) {
    throw new StartError('host-json-broken', `${file} is not valid JSON: ${cause instanceof Error ? cause.message : cause}.`, { cause })
  }
  if (!isSection(content)) throw new StartError('host-json-broken', `${file} must hold a JSON object.`)
  override(content, settings)
  if (content.version !== '2.0') throw new StartError('host-json-broken', `${file} must say "version": "2.0".`)
  return { functionTimeout: functionTimeout(content.functionTimeout, file), extensions: extensionSection(content, 'extensions') }
}

/** The section of one extension, empty when host.json has none. */
export function extensionSection(extensions: Readonly<Record<string, unknown>>, name: string): Readonly<Record<string, unknown>> {
  const section = extensions[name]
  return isSection(section) ? section : {}
}

function functionTimeout(value: unknown, file: string): number {
  if (value === undefined) return DEFAULT_FUNCTION_TIMEOUT
  if (value === '-1') return Number.POSITIVE_INFINITY
  const ms = typeof value === 'string' ? parseTimeSpan(value) : undefined
  if (ms === undefined || ms < 1000) {
    throw new StartError(
      'host-json-broken',
      `${file}: functionTimeout must be a time span of at least one second such as "00:05:00", or "-1".`,
    )
  }
  return ms
}

function override(content: Section, settings: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(settings)) {
    const keys = /^AzureFunctionsJobHost__(.+)$/i.exec(name)?.[1]?.split('__')
    const last = keys?.pop()
    if (!keys || !last) continue
    let section = content
    for (const key of keys) {
      const inner = section[key]
      const next: Section = isSection(inner) ? inner : {}
      section[key] = next
      section = next
    }
    section[last] = /^(true|false|-?\d+(\.\d+)?)$/i.test(value) && value !== '-1' ? JSON.parse(value.toLowerCase()) : value
  }
}

function isSection(value: unknown): value is Section {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
