import type { Clock } from '../clock.ts'
import type { ResourceStore } from './azure.ts'
import type { JsonObject, Resource } from './resource.ts'
import type { State } from './state.ts'

const PREFIX = 'resource:'

/** Resources lie in one table for each type, under their id in lower case. */
export function resourceStore(state: State, clock: Clock, newEtag: () => string): ResourceStore {
  const tableOf = (type: string) => state.table(PREFIX + type.toLowerCase())
  const tables = () => state.tables().filter((name) => name.startsWith(PREFIX))

  return {
    get: (id) => asResource(tableOf(typeOfId(id)).get(id.toLowerCase())),
    ofType(type, scope) {
      const found: Resource[] = []
      // Keys are ids in lower case: cheaper than isWithin, and this is asked thousands of times over.
      const outer = scope?.toLowerCase().replace(/\/$/, '')
      for (const [key, row] of tableOf(type).entries()) {
        const resource = asResource(row)
        if (resource && (outer === undefined || key === outer || key.startsWith(`${outer}/`))) found.push(resource)
      }
      return found
    },
    under(scope) {
      const prefix = `${scope.toLowerCase()}/`
      const found: Resource[] = []
      for (const name of tables())
        for (const [key, row] of state.table(name).entries()) {
          const resource = asResource(row)
          if (resource && key.startsWith(prefix)) found.push(resource)
        }
      return found
    },
    put(draft) {
      const table = tableOf(typeOfId(draft.id))
      const key = draft.id.toLowerCase()
      const now = clock.now()
      const resource: Resource = { ...draft, etag: newEtag(), createdAt: asResource(table.get(key))?.createdAt ?? now, changedAt: now }
      table.put(key, resource as unknown as JsonObject)
      return resource
    },
    delete(id) {
      const key = id.toLowerCase()
      for (const name of tables()) {
        const table = state.table(name)
        for (const [other] of [...table.entries()]) if (other === key || other.startsWith(`${key}/`)) table.delete(other)
      }
    },
  }
}

/** Rows of these tables are written here alone. */
function asResource(row: JsonObject | undefined): Resource | undefined {
  return row as unknown as Resource | undefined
}

/** `microsoft.network/virtualnetworks/subnets`; for ids without a provider their own nesting: `microsoft.resources/subscriptions/resourcegroups`. */
function typeOfId(id: string): string {
  const lower = id.toLowerCase()
  const at = lower.lastIndexOf('/providers/')
  if (at < 0) return ['microsoft.resources', ...lower.split('/').filter((part, index) => index % 2 === 1 && part !== '')].join('/')
  const [namespace, ...rest] = lower.slice(at + '/providers/'.length).split('/')
  return [namespace, ...rest.filter((_, index) => index % 2 === 0)].join('/')
}
