import { isType } from '../binding.ts'
import type { Log } from '../host-event.ts'
import type { LoadedFunction } from '../runtime.ts'
import { StartError } from '../start-error.ts'
import { parseRouteTemplate, type RouteTemplate } from './route-template.ts'

export interface Route {
  readonly fn: LoadedFunction
  readonly template: RouteTemplate
  /** Upper case; undefined for any. */
  readonly methods: readonly string[] | undefined
}

export interface RouteMatch {
  readonly fn: LoadedFunction
  readonly params: Readonly<Record<string, string>>
}

/**
 * Routes in the official host's order: by function name, whatever the templates say. A literal segment does not beat a parameter.
 * Routes that begin with `admin` are left out, as there: the host keeps that space for itself.
 */
export function routeTable(functions: Iterable<LoadedFunction>, prefix: string, log: Log): readonly Route[] {
  const routes: Route[] = []
  for (const fn of [...functions].sort(byName)) {
    if (!isType(fn.trigger, 'httpTrigger')) continue
    const { methods } = fn.trigger
    const own = ownRoute(fn)
    if (/^admin/i.test(own)) {
      log({ level: 'error', category: 'host', function: fn.name, message: `Function ${fn.name}: a route may not begin with "admin".` })
      continue
    }
    routes.push({
      fn,
      template: templateOf(fn, [prefix, own].filter(Boolean).join('/')),
      methods: Array.isArray(methods) && methods.length > 0 ? methods.map((method) => String(method).toUpperCase()) : undefined,
    })
  }
  return routes
}

function templateOf(fn: LoadedFunction, template: string): RouteTemplate {
  try {
    return parseRouteTemplate(template)
  } catch (cause) {
    throw new StartError('app-failed', `Function ${fn.name}: ${cause instanceof Error ? cause.message : cause}`, { cause })
  }
}

/** The template of an HTTP function without the prefix: its name, unless it says another. */
export function ownRoute({ name, trigger: { route } }: LoadedFunction): string {
  return typeof route === 'string' ? route.replace(/^\/+|\/+$/g, '') : name
}

/** The first route that fits both method and path; a route whose method does not fit is passed over. */
export function findRoute(routes: readonly Route[], method: string, path: string): RouteMatch | undefined {
  for (const { fn, template, methods } of routes) {
    if (methods && !methods.includes(method)) continue
    const params = template.match(path)
    if (params) return { fn, params }
  }
  return undefined
}

const NAMES = new Intl.Collator('en')

function byName(a: LoadedFunction, b: LoadedFunction): number {
  return NAMES.compare(a.name, b.name)
}
