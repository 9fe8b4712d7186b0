import type { Endpoint } from './endpoint.ts'

type Route = Pick<Endpoint, 'name' | 'method' | 'route'>

const CATCH_ALL = /^\{\*/
const PARAMETER = /^\{/

/**
 * Pairs of routes that a host would mix up. It tries templates in the alphabetical order of function names and takes the first that fits,
 * so where two overlap the one that says more must come first. Whether a host skips hyphens when it sorts is left open: both orders must do.
 */
export function misordered(routes: readonly Route[]): string[] {
  return routes.flatMap((one, index) => routes.slice(index + 1).flatMap((other) => complaint(one, other) ?? []))
}

function complaint(one: Route, other: Route): string | undefined {
  if (one.method !== other.method || !overlap(segments(one), segments(other))) return undefined
  const difference = detail(segments(one), segments(other))
  if (difference === 0) return `${one.name} and ${other.name} answer the same requests`
  const [first, second] = difference < 0 ? [one, other] : [other, one]
  const ordered = first.name < second.name && bare(first.name) < bare(second.name)
  return ordered ? undefined : `${first.name} (${first.route}) must be named before ${second.name} (${second.route})`
}

const bare = (name: string): string => name.replaceAll('-', '')
const segments = ({ route }: Route): string[] => route.toLowerCase().split('/')

function overlap([one, ...ones]: string[], [other, ...others]: string[]): boolean {
  if ((one && CATCH_ALL.test(one)) || (other && CATCH_ALL.test(other))) return true
  if (one === undefined || other === undefined) return one === other
  return (one === other || PARAMETER.test(one) || PARAMETER.test(other)) && overlap(ones, others)
}

/** Negative when `ones` says more at the first place where they differ in kind. */
function detail(ones: string[], others: string[]): number {
  const vague = (segment = '') => (CATCH_ALL.test(segment) ? 2 : PARAMETER.test(segment) ? 1 : 0)
  for (let index = 0; index < Math.max(ones.length, others.length); index++) {
    const difference = vague(ones[index]) - vague(others[index])
    if (difference !== 0) return difference
  }
  return 0
}
