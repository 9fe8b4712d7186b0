import { app } from '@azure/functions'
import * as df from 'durable-functions'

app.http('ping', { methods: ['GET'], authLevel: 'anonymous', handler: async () => ({ jsonBody: { pong: true } }) })

df.app.activity('add-one', { handler: (value: number) => value + 1 })

df.app.orchestration('chain', function* (context) {
  let value = 0
  for (let step = 0; step < 3; step++) value = (yield context.df.callActivity('add-one', value)) as number
  return value
})

df.app.orchestration('wait', function* (context) {
  return yield context.df.waitForExternalEvent('go')
})
