import type { HttpRequest } from './request.ts'

/** Who is on the other end. The last entry is what Azure's front end saw; the ones before it are the caller's own words. */
export const clientAddress = (request: HttpRequest): string =>
  request.header('x-forwarded-for')?.split(',').at(-1)?.trim().replace(/:\d+$/, '') || 'local'
