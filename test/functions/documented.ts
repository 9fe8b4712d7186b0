import { z } from 'zod'

interface Answered {
  readonly status: number
  readonly text: string
}

type Schema = Record<string, unknown>

interface Response {
  readonly $ref?: string
  readonly content?: Record<string, { readonly schema: Schema }>
}

interface Operation {
  readonly responses: Record<string, Response>
}

interface Description {
  readonly paths: Record<string, Record<string, Operation>>
  readonly components: { readonly schemas: Schema; readonly responses: Record<string, Response> }
}

/** Checks answers against the app's own OpenAPI document: throws where one has no place in it or does not fit. */
export function documentedBy(openapi: string) {
  const { paths, components } = JSON.parse(openapi) as Description
  const place = (method: string, path: string) => {
    const fits = (template: string) => new RegExp(`^${template.replaceAll('.', '[.]').replace(/\{\w+\}/g, '[^/]+')}$`).test(path)
    // A literal segment comes before a parameter.
    const [template = ''] = Object.keys(paths)
      .filter(fits)
      .sort((one, other) => other.replace(/\{\w+\}/g, '').length - one.replace(/\{\w+\}/g, '').length)
    return paths[template]?.[method.toLowerCase()]
  }
  return (method: string, target: string, { status, text }: Answered): void => {
    const response = place(method, target.replace(/\?.*/, ''))?.responses[status]
    const shared = response?.$ref?.replace('#/components/responses/', '')
    const schema = (shared === undefined ? response : components.responses[shared])?.content?.['application/json']?.schema
    if (!schema) throw new Error(`${method} ${target} answers ${status}, which is not described`)
    const whole = JSON.stringify({ ...schema, $defs: components.schemas }).replaceAll('#/components/schemas/', '#/$defs/')
    const checked = z.fromJSONSchema(JSON.parse(whole)).safeParse(JSON.parse(text))
    if (!checked.success) throw new Error(`${method} ${target}: ${z.prettifyError(checked.error)}`)
  }
}
