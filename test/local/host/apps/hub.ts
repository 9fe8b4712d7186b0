import { app } from '@azure/functions'
import * as df from 'durable-functions'

df.app.orchestration('idle', function* (context) {
  yield context.df.waitForExternalEvent('go')
  return 'went'
})
app.http('hello', { handler: async () => ({ body: 'hello' }) })
