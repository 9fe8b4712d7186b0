import { type ZodType, z } from 'zod'

export type Schema = Record<string, unknown>

/** As callers write it and read it. What refers to itself becomes a schema of the document: a reference counts from the document's root. */
export function jsonSchema(schema: ZodType, name: string, schemas: Schema): Schema {
  const text = JSON.stringify(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }))
  const { $schema: _, $defs = {}, ...rest } = JSON.parse(text.replaceAll('"#/$defs/', `"#/components/schemas/${name}.`)) as Schema
  for (const [part, definition] of Object.entries($defs as Schema)) schemas[`${name}.${part}`] = definition
  return rest
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
