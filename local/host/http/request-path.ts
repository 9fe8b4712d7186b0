const ESCAPES = /(?:%[0-9a-f]{2})+/gi

/**
 * The path of a request as the official host's web server hands it to routing: escapes decoded except `%2F`, dot segments removed,
 * one slash at the end dropped, no slash at the start. Undefined when it has an empty segment (`//`): no route fits that.
 */
export function requestPath(raw: string): string | undefined {
  let path = raw.includes('%') ? raw.replace(ESCAPES, decodeEscapes) : raw
  if (path.includes('/.')) path = withoutDotSegments(path)
  if (path.includes('//')) return undefined
  return path.slice(1, path.length > 1 && path.endsWith('/') ? -1 : undefined)
}

/** What is not UTF-8 stays encoded. */
function decodeEscapes(run: string): string {
  return run
    .split(/(%2f)/i)
    .map((part) => {
      if (/^%2f$/i.test(part)) return part
      try {
        return decodeURIComponent(part)
      } catch {
        return part
      }
    })
    .join('')
}

function withoutDotSegments(path: string): string {
  const kept: string[] = []
  const segments = path.split('/')
  for (const [index, segment] of segments.entries()) {
    if (segment === '..') {
      if (kept.length > 1) kept.pop()
    } else if (segment !== '.') kept.push(segment)
    if (index === segments.length - 1 && (segment === '.' || segment === '..')) kept.push('')
  }
  return kept.join('/')
}
