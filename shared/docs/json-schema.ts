import type { ZodType } from 'zod'
import * as z from 'zod'
import type { ToJSONSchemaParams } from 'zod/v4/core'
import { shapeNames } from './shapes.ts'

export type Schema = Record<string, unknown>

/** What zod knows of a schema, and its name where it is one of the shapes. */
const metadata = Object.assign(z.registry<Record<string, unknown>>(), {
  get(schema: ZodType) {
    const id = shapeNames.get(schema)
    return { ...z.globalRegistry.get(schema), ...(id !== undefined && { id }) }
  },
})

const options: ToJSONSchemaParams = {
  io: 'input',
  unrepresentable: 'any',
  metadata,
  // TypeScript's word for our own code; in OpenAPI it says that a caller must not send it.
  override({ jsonSchema }) {
    delete jsonSchema.readOnly
  },
}

/**
 * As callers write it and read it. Shapes, and what refers to itself, become schemas of the document: a reference counts from the document's
 * root. `name` is for what has none.
 */
export function jsonSchema(schema: ZodType, name: string, schemas: Schema): Schema {
  const shape = shapeNames.get(schema)
  const { $schema: _, $defs = {}, ...rest } = z.toJSONSchema(schema, options) as Schema
  const nameOf = (part: string | undefined) => (part?.startsWith('__') ? `${name}.${part}` : (part ?? shape ?? name))
  const placed = ({ id: _, ...definition }: Schema): Schema =>
    JSON.parse(JSON.stringify(definition).replace(/"#(?:\/\$defs\/([^"]+))?"/g, (_, part) => `"#/components/schemas/${nameOf(part)}"`))
  for (const [part, definition] of Object.entries($defs as Record<string, Schema>)) schemas[nameOf(part)] = placed(definition)
  const root = placed(rest)
  if (shape === undefined && !JSON.stringify(rest).includes('"#"')) return root
  schemas[nameOf(undefined)] = root
  return { $ref: `#/components/schemas/${nameOf(undefined)}` }
}

export const content = (schema: Schema, contentType = 'application/json'): Schema => ({ [contentType]: { schema } })

export const envelope = (payload: Schema): Schema => ({
  type: 'object',
  required: ['apiVersion', 'status', 'code', 'message'],
  properties: {
    apiVersion: { const: 'v1' },
    status: { enum: ['ok', 'error'] },
    code: { type: 'integer', description: 'The HTTP status' },
    message: { type: 'string' },
    payload,
    error: { $ref: '#/components/schemas/Problem' },
  },
})
