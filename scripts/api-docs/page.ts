import type { Example, Section } from './example.ts'
import { fieldsTable, meaningOf, type Schema, typeOf } from './fields.ts'
import { introduction } from './introduction.ts'
import { prettyJson, wholeJson } from './pretty-json.ts'
import { OWN_KEY, stableValues } from './stable-values.ts'

interface Parameter {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly description?: string
  readonly schema: Schema
}

interface Answer {
  readonly $ref?: string
  readonly description?: string
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>
}

interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly tags: readonly string[]
  readonly 'x-role'?: string
  readonly parameters: readonly Parameter[]
  readonly requestBody?: Answer
  readonly responses: Readonly<Record<string, Answer>>
}

/** As much of the OpenAPI document as the page is made of. */
export interface OpenApi {
  readonly tags: readonly { readonly name: string; readonly description: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>
    readonly responses: Readonly<Record<string, Answer>>
  }
}

interface Call extends Operation {
  readonly path: string
  readonly method: string
}

/** docs/api.md, from what the app says of itself and from calls that were made. */
export function apiPage(openApi: OpenApi, recorded: readonly Example[]): string {
  const calls = Object.entries(openApi.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Call => ({ ...operation, path, method: method.toUpperCase() })),
  )
  const order = new Map(openApi.tags.map(({ name }, index) => [name, index]))
  const ordered = calls.toSorted((one, other) => chapter(order, one) - chapter(order, other))
  const place = new Map(ordered.map(({ operationId }, index) => [operationId, index]))
  const stable = stableValues()
  const examples = recorded.toSorted((one, other) => (place.get(one.name) ?? 0) - (place.get(other.name) ?? 0)).map(stable)
  const section = (wanted: Section) =>
    examples
      .filter((example) => example.section === wanted)
      .map(shown)
      .join('\n\n')
  return `${[
    introduction(section),
    '## All calls',
    ...openApi.tags.map(({ name, description }) => overview(name, description, ordered)),
    ...openApi.tags.flatMap(({ name }) => [
      `## ${name}`,
      ...ordered
        .filter(({ tags }) => tags.includes(name))
        .map((call) =>
          described(
            call,
            examples.filter((example) => example.name === call.operationId && !example.section),
          ),
        ),
    ]),
    '## Shapes',
    'What several calls take or answer. A field with a question mark may be missing.',
    ...Object.entries(openApi.components.schemas)
      .filter(([name]) => name !== 'Envelope')
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, schema]) => [`### ${name}`, ...sentence(meaningOf(schema)), fieldsTable(schema)].join('\n\n')),
  ].join('\n\n')}\n`
}

const chapter = (order: ReadonlyMap<string, number>, { tags: [tag = ''] }: Call): number => order.get(tag) ?? order.size
const heading = ({ method, path }: Call): string => `${method} ${path}`
/** As GitHub makes it of a heading. */
const anchor = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-')
const sentence = (text: string): readonly string[] => (text === '' ? [] : [`${text}.`])

function overview(title: string, about: string, calls: readonly Call[]): string {
  const rows = calls
    .filter(({ tags }) => tags.includes(title))
    .map((call) => `| [\`${heading(call)}\`](#${anchor(heading(call))}) | ${call['x-role'] ?? ''} | ${call.summary} |`)
  return [`**[${title}](#${anchor(title)})** ${about}`, ['| call | role | |', '|---|---|---|', ...rows].join('\n')].join('\n\n')
}

function described(call: Call, examples: readonly Example[]): string {
  const { summary, 'x-role': role, operationId, parameters, requestBody, responses } = call
  const statuses = Object.keys(responses)
  const refusals = statuses.filter((status) => Number(status) >= 400)
  const answers = statuses.filter((status) => /^2/.test(status))
  const inOwnTable = parameters.filter(({ name }) => name !== 'dryRun' && name !== 'Idempotency-Key')
  const body = requestBody && schemaOf(requestBody)
  return [
    `### ${heading(call)}`,
    `${summary}. ${role === undefined ? 'No key.' : `Role: ${role}.`} Name: \`${operationId}\`.`,
    ...(inOwnTable.length > 0 ? [parameterTable(inOwnTable)] : []),
    ...(body ? [`Body:`, fieldsTable(body)] : []),
    ...answers.flatMap((status) => answered(status, responses[status] ?? {})),
    ...(refusals.length > 0 ? [`Refusals: ${refusals.map((status) => `[${status}](#errors)`).join(', ')}.`] : []),
    ...examples.map(shown),
  ].join('\n\n')
}

function parameterTable(parameters: readonly Parameter[]): string {
  const rows = parameters.map(
    ({ name, in: place, required, schema, description = '' }) =>
      `| \`${name}\`${required ? '' : ' ?'} | ${place} | ${typeOf(schema)} | ${meaningOf(schema) || description} |`,
  )
  return ['| parameter | in | type | meaning |', '|---|---|---|---|', ...rows].join('\n')
}

function answered(status: string, answer: Answer): readonly string[] {
  const schema = schemaOf(answer)
  if (!schema) return []
  const payload = (schema.properties as Readonly<Record<string, Schema>> | undefined)?.payload
  const [type = ''] = Object.keys(answer.content ?? {})
  if (Array.isArray(payload?.anyOf)) {
    return payload.anyOf.flatMap(({ title, ...variant }: Schema) => [
      `Answer ${status}${title === 'Dry run' ? ', dry run' : ''}:`,
      fieldsTable(variant),
    ])
  }
  const kind = payload === undefined ? `, ${type}` : answer.description?.startsWith('A dry run') ? ', dry run' : ''
  return [`Answer ${status}${kind}:`, fieldsTable(payload ?? schema)]
}

const schemaOf = ({ content = {} }: Answer): Schema | undefined => Object.values(content)[0]?.schema

/** A call as it is typed, and what comes back. */
function shown({ method, target, headers, body, file, status, answered, answer }: Example): string {
  const parts = [
    'curl',
    ...(method === 'GET' || (method === 'POST' && body !== undefined) ? [] : [`-X ${method}`]),
    ...Object.entries(headers).map(([name, value]) => (value === OWN_KEY ? '-H "$key"' : `-H '${name}: ${value}'`)),
    `"$api${target.replace(/^\/api/, '')}"`,
    ...(body === undefined ? [] : [`-d ${file === undefined ? `'${wholeJson(body)}'` : `@${file}`}`]),
  ]
  const said = typeof answer === 'string' ? answer : prettyJson(answer)
  return [
    '```sh',
    parts.join(' '),
    '```',
    '```',
    [String(status), ...Object.entries(answered).map(([name, value]) => `${name}: ${value}`)].join(' · '),
    ...(said === '{}' ? [] : [said]),
    '```',
  ].join('\n')
}
