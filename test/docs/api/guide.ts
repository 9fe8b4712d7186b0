import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Example, Section } from '../../../scripts/api-docs/example.ts'
import type { OpenApi } from '../../../scripts/api-docs/page.ts'
import { OWN_KEY } from '../../../scripts/api-docs/stable-values.ts'
import type { ClusterWorld } from '../../cluster-world.ts'
import { documentedBy } from '../../functions/documented.ts'

interface Asked {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** In place of the operator's key; null for none. */
  readonly key?: string | null
  /** What is expected; 2xx unless told. */
  readonly status?: number
  /** Where it is shown, if not with its endpoint. */
  readonly section?: Section
  /** Fields whose value is a matter of moments, by name, and what the page says of them; undefined: nothing. */
  readonly unsteady?: Readonly<Record<string, unknown>>
}

/** Makes calls for the page, each of which must be answered as the OpenAPI document says. */
export interface Guide {
  readonly world: ClusterWorld
  /** What was shown so far. */
  readonly examples: readonly Example[]
  /** Calls the endpoint of that operation id, keeps call and answer for the page, and gives the payload. */
  show<Payload = Record<string, string>>(name: string, asked?: Asked): Promise<Payload>
}

/** The request of the README. */
const README_FILE = 'docs/examples/create-cluster.json'
const README_REQUEST = JSON.stringify(JSON.parse(readFileSync(path.resolve(__dirname, '../../..', README_FILE), 'utf8')))

/** Headers of an answer that a caller acts on. */
const TOLD = ['Operation-Location', 'Retry-After', 'Idempotent-Replayed']

export function guideTo(world: ClusterWorld, openApiText: string): Guide {
  const { paths } = JSON.parse(openApiText) as OpenApi
  const isDocumented = documentedBy(openApiText)
  const examples: Example[] = []
  const placeOf = (name: string) => {
    for (const [path, methods] of Object.entries(paths)) {
      for (const [method, { operationId }] of Object.entries(methods))
        if (operationId === name) return { path, method: method.toUpperCase() }
    }
    throw new Error(`there is no endpoint ${name}`)
  }

  return {
    world,
    examples,
    async show<Payload>(name: string, asked: Asked = {}) {
      const { params = {}, query = {}, body, headers = {}, key = world.api.key, status, section, unsteady = {} } = asked
      const { path, method } = placeOf(name)
      const search = Object.entries(query).map(([name, value]) => `${name}=${value}`)
      const target = path.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? '') + (search.length > 0 ? `?${search.join('&')}` : '')
      const sent = { ...(key !== null && { 'x-api-key': key }), ...headers }
      const response = await fetch(world.host.url + target, {
        method,
        headers: sent,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      if (status === undefined ? !response.ok : response.status !== status) throw new Error(`${name}: ${response.status} ${text}`)
      const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false
      if (isJson) isDocumented(method, target, { status: response.status, text })
      const answer = isJson ? JSON.parse(text) : text
      const payload = isJson ? (answer.payload ?? answer) : text
      const whole = section !== undefined && section !== 'dry-run'
      examples.push({
        name,
        method,
        target,
        headers: { ...sent, ...(key === world.api.key && { 'x-api-key': OWN_KEY }) },
        ...(body !== undefined && { body }),
        ...(JSON.stringify(body) === README_REQUEST && { file: README_FILE }),
        status: response.status,
        answered: Object.fromEntries(
          TOLD.flatMap((header) => {
            const value = response.headers.get(header)
            return value === null ? [] : [[header, value]]
          }),
        ),
        answer: steady(whole ? answer : payload, unsteady),
        ...(section && { section }),
      })
      return payload as Payload
    },
  }
}

function steady(value: unknown, unsteady: Readonly<Record<string, unknown>>): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => steady(item, unsteady))
  const members = Object.entries(value).map(([name, member]) => [name, name in unsteady ? unsteady[name] : steady(member, unsteady)])
  return Object.fromEntries(members.filter(([, member]) => member !== undefined))
}
