export type Schema = Readonly<Record<string, unknown>>

/** A row of a table of fields. */
interface Field {
  readonly path: string
  readonly type: string
  readonly required: boolean
  readonly meaning: string
}

const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null && !Array.isArray(value)
const variantsOf = ({ anyOf, oneOf }: Schema): readonly Schema[] => [anyOf, oneOf].flat().filter(isSchema)

/** A schema's fields as a table, or a sentence where it has none; shapes are linked to, not repeated. */
export function fieldsTable(schema: Schema): string {
  const variants = variantsOf(schema)
  const rows = [schema, ...variants].flatMap((one) => [...fieldsOf(one, '')])
  if (rows.length === 0) return typeOf(schema) === 'object' ? 'Nothing.' : typeOf(schema)
  return [
    ...(variants.length > 0 ? [`${typeOf(schema)}:`, ''] : []),
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
  for (const variant of variantsOf(member)) yield* inside(variant, path)
}

function baseType(schema: Schema): string {
  const { $ref, type, items, format } = schema
  if (typeof $ref === 'string') {
    const name = $ref.slice($ref.lastIndexOf('/') + 1)
    return `[${name}](#${name.toLowerCase()})`
  }
  if ('const' in schema) return code(schema.const)
  if (Array.isArray(schema.enum)) return schema.enum.map(code).join(', ')
  const variants = variantsOf(schema)
  if (variants.length > 0) return [...new Set(variants.map(typeOf))].join(' or ')
  if (type === 'array') return isSchema(items) ? `list of ${typeOf(items)}` : 'list'
  const named = typeof format === 'string' && type === 'string' ? format : type
  return typeof named === 'string' ? named : 'anything'
}

/** Where a bound is a count of something, of what. */
const LIMITS = [
  { least: 'minimum', most: 'maximum', unit: '' },
  { least: 'minLength', most: 'maxLength', unit: ' characters' },
  { least: 'minItems', most: 'maxItems', unit: ' of them' },
] as const

/** That an integer is one that JavaScript can hold goes without saying. */
const isBound = (value: unknown): value is number => typeof value === 'number' && Math.abs(value) !== Number.MAX_SAFE_INTEGER

function boundsOf(schema: Schema): string {
  const bounds = LIMITS.flatMap(({ least, most, unit }) => {
    const [from, to] = [schema[least], schema[most]]
    if (isBound(from) && isBound(to)) return from === to ? `${from}${unit}` : `${from} to ${to}${unit}`
    if (isBound(from)) return `at least ${from}${unit}`
    return isBound(to) ? `at most ${to}${unit}` : []
  })
  if (isBound(schema.exclusiveMinimum)) bounds.push(`more than ${schema.exclusiveMinimum}`)
  const { pattern, format, default: preset } = schema
  return [
    ...bounds,
    ...(typeof pattern === 'string' && format === undefined ? [`matches ${code(pattern)}`] : []),
    ...(preset === undefined ? [] : [`default ${code(preset)}`]),
  ].join(', ')
}

/** A pipe would end the cell, in code as well. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
const code = (value: unknown): string => `\`${cell(typeof value === 'string' && value !== '' ? value : JSON.stringify(value))}\``
