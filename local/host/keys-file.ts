import { readFileSync } from 'node:fs'
import type { HostKeys } from './extension.ts'
import { StartError } from './start-error.ts'

/** `{"master": "…", "function": "…", "system": {"eventgrid_extension": "…"}}`. No error shows what is in the file. */
export function readKeys(file: string): HostKeys {
  let content: unknown
  try {
    content = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    throw new StartError('setting-broken', `The keys in ${file} cannot be read as JSON.`)
  }
  if (isKeys(content)) return content
  throw new StartError('setting-broken', `${file} must hold the keys "master", "function" and "system", each a text.`)
}

function isKeys(content: unknown): content is HostKeys {
  const isText = (value: unknown) => typeof value === 'string' && value !== ''
  if (typeof content !== 'object' || content === null) return false
  const { master, function: fn, system } = content as Record<string, unknown>
  return isText(master) && isText(fn) && typeof system === 'object' && system !== null && Object.values(system).every(isText)
}
