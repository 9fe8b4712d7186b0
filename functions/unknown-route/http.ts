import { app } from '@azure/functions'
import { answerOfProblem } from '../../shared/http/envelope.ts'

/** Longest path that is repeated, in characters. */
const SHOWN = 200

/** Answers what no endpoint does: the public client needs JSON, and takes 404 for success. Named last, because names decide the order. */
export function registerUnknownRoute(): void {
  app.http('zz-unknown-route', {
    route: '{*path}',
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
    authLevel: 'anonymous',
    handler: (request) => {
      const { pathname } = new URL(request.url)
      return answerOfProblem({
        code: 'unsupported',
        message: `There is no ${request.method} ${pathname.slice(0, SHOWN)}.`,
        remedy: 'GET /api/openapi.json lists what there is.',
        retryable: false,
      })
    },
  })
}
