/** A route template of ASP.NET: `clusters/{id}/nodes/{n:int?}`, `files/{*path}`. */
export interface RouteTemplate {
  readonly template: string
  /** Parameters of a path from requestPath(), without those that are absent; undefined when it does not fit. */
  match(path: string): Record<string, string> | undefined
}

type Constraint = (value: string) => boolean

interface Parameter {
  readonly name: string
  readonly constraints: readonly Constraint[]
  readonly preset: string | undefined
}

export class RouteTemplateError extends Error {
  override readonly name = 'RouteTemplateError'
}

/** @throws RouteTemplateError when the template cannot be read. */
export function parseRouteTemplate(template: string): RouteTemplate {
  const parameters: Parameter[] = []
  const segments = template.replace(/^\/|\/$/g, '').split('/')
  const pattern = segments.map((segment, index) => segmentPattern(template, segment, index, parameters)).join('')
  const expression = new RegExp(`^${pattern}$`, 'i')
  return {
    template,
    match(path) {
      const found = expression.exec(path)
      if (!found) return undefined
      const values: Record<string, string> = {}
      for (const [index, { name, constraints, preset }] of parameters.entries()) {
        const value = found[index + 1] || preset
        if (value === undefined) continue
        if (!constraints.every((holds) => holds(value))) return undefined
        values[name] = value
      }
      return values
    },
  }
}

const PARAMETER = /\{(\*{0,2})([^:=?{}]+)((?::[^:=?{}()]+(?:\([^)]*\))?)*)(?:=([^{}?]*))?(\?)?\}/g

function segmentPattern(template: string, segment: string, index: number, parameters: Parameter[]): string {
  const slash = index === 0 ? '' : '/'
  let pattern = ''
  let end = 0
  let optional = false
  let catchAll = false
  for (const match of segment.matchAll(PARAMETER)) {
    const [whole, stars, name = '', constraints = '', preset, question] = match
    pattern += literal(template, segment.slice(end, match.index))
    end = match.index + whole.length
    parameters.push({ name, constraints: parseConstraints(template, constraints), preset })
    catchAll = stars !== ''
    optional = catchAll || question === '?' || preset !== undefined
    pattern += catchAll ? '(.*)' : '([^/]+?)'
  }
  pattern += literal(template, segment.slice(end))
  const isParameterAlone = end === segment.length && segment.lastIndexOf('{') === 0
  return optional && isParameterAlone ? `(?:${slash}${pattern})?` : `${slash}${pattern}`
}

function literal(template: string, text: string): string {
  if (/[{}*?]/.test(text)) throw new RouteTemplateError(`The route template ${template} cannot be read near "${text}".`)
  return text.replace(/[.+^$()|[\]\\]/g, '\\$&')
}

function parseConstraints(template: string, text: string): Constraint[] {
  return [...text.matchAll(/:([^:()]+)(?:\(([^)]*)\))?/g)].map(([, name = '', argument = '']) => {
    const constraint = CONSTRAINTS[name.toLowerCase()]
    if (!constraint) throw new RouteTemplateError(`The route template ${template} has a constraint that is not known: ${name}.`)
    return constraint(argument)
  })
}

const fits = (expression: RegExp) => (): Constraint => (value) => expression.test(value)
const INTEGER = /^[+-]?\d+$/
const integerWithin =
  (least: bigint, most: bigint): Constraint =>
  (value) =>
    INTEGER.test(value) && BigInt(value) >= least && BigInt(value) <= most
const bounds = (argument: string): [number, number] => {
  const [least = 0, most = least] = argument.split(',').map(Number)
  return [least, most]
}

/** The constraints of ASP.NET routing. */
const CONSTRAINTS: Readonly<Record<string, (argument: string) => Constraint>> = {
  int: () => integerWithin(-(2n ** 31n), 2n ** 31n - 1n),
  long: () => integerWithin(-(2n ** 63n), 2n ** 63n - 1n),
  bool: fits(/^(true|false)$/i),
  alpha: fits(/^[a-z]*$/i),
  decimal: fits(/^[+-]?\d+(\.\d+)?$/),
  double: fits(/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i),
  float: fits(/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i),
  guid: fits(/^\{?[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}\}?$/i),
  datetime: () => (value) => !Number.isNaN(Date.parse(value)),
  min: (argument) => (value) => INTEGER.test(value) && Number(value) >= Number(argument),
  max: (argument) => (value) => INTEGER.test(value) && Number(value) <= Number(argument),
  range(argument) {
    const [least, most] = bounds(argument)
    return (value) => INTEGER.test(value) && Number(value) >= least && Number(value) <= most
  },
  minlength: (argument) => (value) => value.length >= Number(argument),
  maxlength: (argument) => (value) => value.length <= Number(argument),
  length(argument) {
    const [least, most] = bounds(argument)
    return (value) => value.length >= least && value.length <= most
  },
  required: () => (value) => value !== '',
}
