import { featureEndpoints } from '../../functions/endpoints.ts'
import { openApi } from '../../shared/docs/openapi.ts'

type Json = Record<string, unknown>
interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly tags: readonly [string]
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required?: boolean; readonly schema: Json }[]
  readonly requestBody?: { readonly content: Record<string, { readonly schema: Json }> }
  readonly responses: Record<string, Json>
}

const document = openApi(featureEndpoints, '1.2.3') as unknown as {
  readonly openapi: string
  readonly tags: readonly { readonly name: string; readonly description: string }[]
  readonly paths: Record<string, Record<string, Operation>>
  readonly components: { readonly schemas: Json; readonly responses: Record<string, Json> }
}
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
)
const at = (place: string) => place.split('/').reduce<unknown>((part, name) => (part as Json | undefined)?.[name], document)

/** Every object inside, itself included. */
function* objectsIn(value: unknown): Generator<Json> {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) yield value as Json
  for (const member of Object.values(value)) yield* objectsIn(member)
}

test('it is OpenAPI 3.1', () => {
  expect(document.openapi).toBe('3.1.0')
  expect(Object.keys(document.paths).filter((path) => !/^\/api(\/(\{\w+\}|[\w.-]+))+$/.test(path))).toEqual([])
  const methods = new Set(operations.map(({ method }) => method))
  expect([...methods].sort()).toEqual(['delete', 'get', 'patch', 'post', 'put'])
})

test('whatever it refers to is there', () => {
  const references = [...objectsIn(document)].flatMap(({ $ref }) => (typeof $ref === 'string' ? $ref : []))
  expect(references.length).toBeGreaterThan(100)
  expect(references.filter((reference) => !reference.startsWith('#/') || at(reference.slice(2)) === undefined)).toEqual([])
})

test('every operation has a name of its own, which stays, and stands in a chapter', () => {
  const names = operations.map(({ operationId }) => operationId)
  expect(new Set(names).size).toBe(names.length)
  expect(names.filter((name) => !/^[a-z]+(-[a-z]+)*$/.test(name))).toEqual([])
  expect(names.sort()).toEqual(featureEndpoints.map(({ name }) => name).sort())
  const described = new Set(document.tags.flatMap(({ name, description }) => (description ? name : [])))
  expect(operations.filter(({ tags: [tag] }) => !described.has(tag)).map(({ operationId }) => operationId)).toEqual([])
})

test('every parameter of a path is declared, and no other', () => {
  for (const { path, parameters } of operations) {
    const declared = parameters.filter((parameter) => parameter.in === 'path')
    expect([path, declared.map(({ name }) => name).sort()]).toEqual([path, [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort()])
    expect(declared.every(({ required }) => required)).toBe(true)
  }
  const twice = operations.filter(({ parameters }) => new Set(parameters.map((one) => `${one.in} ${one.name}`)).size < parameters.length)
  expect(twice).toEqual([])
})

test('every answer and every body has a schema', () => {
  for (const { operationId, responses, requestBody } of operations) {
    const statuses = Object.keys(responses)
    expect([operationId, statuses.some((status) => /^2\d\d$/.test(status)), statuses.includes('default')]).toEqual([
      operationId,
      true,
      true,
    ])
    for (const answer of [...Object.values(responses), ...(requestBody ? [requestBody] : [])] as readonly Json[]) {
      const found = typeof answer.$ref === 'string' ? (at(answer.$ref.slice(2)) as Json) : answer
      const contents = Object.values((found.content ?? {}) as Record<string, { schema?: Json }>)
      expect([operationId, contents.length > 0 && contents.every(({ schema }) => schema && Object.keys(schema).length > 0)]).toEqual([
        operationId,
        true,
      ])
    }
  }
})

test('a schema asks only for properties that it has', () => {
  for (const { required, properties } of objectsIn(document.components.schemas)) {
    if (!Array.isArray(required) || typeof properties !== 'object' || properties === null) continue
    expect(required.filter((name) => !(name in properties))).toEqual([])
  }
})

test('shapes that several calls share have names that say what they are', () => {
  const anonymous = Object.keys(document.components.schemas).filter((name) => !/^[A-Z]\w+$/.test(name))
  expect(anonymous).toEqual([])
})
