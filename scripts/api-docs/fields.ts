export type Schema = Readonly<Record<string, unknown>>

/** A row of a table of fields. */
interface Field {
  readonly path: string
  readonly type: string
  readonly required: boolean
  readonly meaning: string
}

const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null && !Array.isArray(value)
const schemasIn = (value: unknown): readonly Schema[] => (Array.isArray(value) ? value.filter(isSchema) : [])

/** A schema's fields as a table, or a sentence where it has none; shapes are linked to, not repeated. */
export function fieldsTable(schema: Schema): string {
  const rows = [...fieldsOf(schema, '')]
  if (rows.length === 0) return typeOf(schema) === 'object' ? 'Nothing.' : `${typeOf(schema)}`
  return [
    '| field | type | meaning |',
    '|---|---|---|',
    ...rows.map(({ path, type, required, meaning }) => `| \`${path}\`${required ? '' : ' ?'} | ${type} | ${meaning} |`),
  ].join('\n')
}

/** Type and bounds of a value, for a cell of a table. */
export function typeOf(schema: Schema): string {
  const bounds = boundsOf(schema)
  return [baseType(schema), ...(bounds === '' ? [] : [bounds])].join(', ')
}

export const meaningOf = ({ description }: Schema): string => (typeof description === 'string' ? cell(description) : '')

function* fieldsOf(schema: Schema, prefix: string): Generator<Field> {
  const required = new Set(Array.isArray(schema.required) ? schema.required : [])
  for (const [name, member] of Object.entries(isSchema(schema.properties) ? schema.properties : {})) {
    if (!isSchema(member)) continue
    const path = `${prefix}${name}`
    yield { path, type: typeOf(member), required: required.has(name), meaning: meaningOf(member) }
    yield* inside(member, path)
  }
  if (isSchema(schema.additionalProperties)) {
    const path = `${prefix}<name>`
    yield { path, type: typeOf(schema.additionalProperties), required: false, meaning: meaningOf(schema.additionalProperties) }
    yield* inside(schema.additionalProperties, path)
  }
}

/** What a member is made of, where that is told in place. */
function* inside(member: Schema, path: string): Generator<Field> {
  const items = isSchema(member.items) ? member.items : undefined
  yield* items ? fieldsOf(items, `${path}[].`) : fieldsOf(member, `${path}.`)
  for (const variant of [...schemasIn(member.anyOf), ...schemasIn(member.oneOf)]) yield* inside(variant, path)
}

function baseType(schema: Schema): string {
  const { $ref, type, items, anyOf, oneOf, format } = schema
  if (typeof $ref === 'string') {
    const name = $ref.slice($ref.lastIndexOf('/') + 1)
    return `[${name}](#${name.toLowerCase()})`
  }
  if ('const' in schema) return code(schema.const)
  if (Array.isArray(schema.enum)) return schema.enum.map(code).join(', ')
  const variants = [...schemasIn(anyOf), ...schemasIn(oneOf)]
  if (variants.length > 0) return [...new Set(variants.map(typeOf))].join(' or ')
  if (type === 'array') return isSchema(items) ? `list of ${typeOf(items)}` : 'list'
  const named = typeof format === 'string' && type === 'string' ? format : type
  return typeof named === 'string' ? named : 'anything'
}

const WORDS: Readonly<Record<string, string>> = {
  minimum: 'at least',
  exclusiveMinimum: 'more than',
  maximum: 'at most',
  minLength: 'at least',
  maxLength: 'at most',
  minItems: 'at least',
  maxItems: 'at most',
}
const UNITS: Readonly<Record<string, string>> = {
  minLength: ' characters',
  maxLength: ' characters',
  minItems: ' of them',
  maxItems: ' of them',
}

function boundsOf(schema: Schema): string {
  const bounds = Object.entries(WORDS).flatMap(([name, words]) => {
    const bound = schema[name]
    // That an integer is one that JavaScript can hold goes without saying.
    if (typeof bound !== 'number' || Math.abs(bound) === Number.MAX_SAFE_INTEGER) return []
    return `${words} ${bound}${UNITS[name] ?? ''}`
  })
  const { pattern, format, default: preset } = schema
  return [
    ...bounds,
    ...(typeof pattern === 'string' && format === undefined ? [`matches ${code(pattern)}`] : []),
    ...(preset === undefined ? [] : [`default ${code(preset)}`]),
  ].join(', ')
}

/** A pipe would end the cell, in code as well. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
const code = (value: unknown): string => `\`${cell(typeof value === 'string' ? value : JSON.stringify(value))}\``
