import { app, type HttpHandler } from '@azure/functions'

const answers =
  (hit: string): HttpHandler =>
  async (request) => ({ jsonBody: { hit, params: request.params } })

app.http('b-item', { route: 'items/{id}', methods: ['GET'], handler: answers('item') })
app.http('a-special', { route: 'items/special', methods: ['GET'], handler: answers('special') })
app.http('c-late', { route: 'items/late', methods: ['GET'], handler: answers('late') })
app.http('length', { route: 'length', methods: ['POST'], handler: async (request) => ({ jsonBody: (await request.text()).length }) })
app.http('setting', { route: 'setting', handler: async () => ({ body: process.env.COLOUR ?? 'none' }) })
app.http('off', { route: 'off', handler: answers('off') })
app.http('guarded', { route: 'guarded', authLevel: 'function', handler: answers('guarded') })
app.http('master-only', { route: 'master-only', authLevel: 'admin', handler: answers('master-only') })
app.http('throws', {
  route: 'throws',
  handler: () => {
    throw new Error('a secret')
  },
})
app.eventGrid('event', { handler: (event, context) => context.log(JSON.stringify(event.id)) })
