import { createHash } from 'node:crypto'
import { hostname } from 'node:os'
import path from 'node:path'

/** Names this app on this machine, as the official host does locally; setting AzureFunctionsWebHost__hostid stands above. At most 32 characters. */
export function hostId(app: string, settings: Readonly<Record<string, string>>): string {
  const given = settings.AzureFunctionsWebHost__hostid
  if (given) return given.toLowerCase().slice(0, 32)
  const hash = createHash('sha256').update(path.resolve(app)).digest('hex').slice(0, 10)
  const machine = hostname()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 20)
  return `${machine.replace(/^-|-$/g, '')}-${hash}`
}
