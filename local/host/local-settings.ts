import { readFileSync } from 'node:fs'
import { StartError } from './start-error.ts'

/**
 * `Values` of a local.settings.json: they count only where the environment has no such variable, as with `func start`.
 * @param warn is told each name that is passed over.
 */
export function readLocalSettings(
  file: string,
  environment: Readonly<Record<string, string | undefined>>,
  warn: (message: string) => void,
): Record<string, string> {
  const content = parse(file)
  if (content.IsEncrypted === true) throw new StartError('setting-broken', `${file} is encrypted; run "func settings decrypt" first.`)
  const settings: Record<string, string> = {}
  for (const [name, value] of Object.entries(content.Values ?? {})) {
    if (value === null) continue
    if (typeof value !== 'string') throw new StartError('setting-broken', `${file}: the value of ${name} must be a text.`)
    if (environment[name] === undefined) settings[name] = value
    else if (environment[name] !== value) {
      warn(`Skipping '${name}' from local settings as it's already defined in current environment variables.`)
    }
  }
  return settings
}

interface LocalSettings {
  readonly IsEncrypted?: boolean
  readonly Values?: Readonly<Record<string, unknown>>
}

function parse(file: string): LocalSettings {
  let content: unknown
  try {
    content = JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new StartError('setting-broken', `${file} cannot be read: ${cause instanceof Error ? cause.message : cause}.`, { cause })
  }
  if (typeof content !== 'object' || content === null) throw new StartError('setting-broken', `${file} must hold a JSON object.`)
  return content
}
