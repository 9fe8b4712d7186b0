import { app, type InvocationContext, type Timer } from '@azure/functions'

const note = (name: string) => async (timer: Timer, context: InvocationContext) => {
  const { isPastDue, scheduleStatus } = timer
  context.log(JSON.stringify({ name, isPastDue, status: scheduleStatus ?? null, retry: context.retryContext?.retryCount }))
}

app.timer('hourly', { schedule: '%HOURLY%', handler: note('hourly') })
app.timer('dense', { schedule: '*/10 * * * * *', handler: note('dense') })
app.timer('at-start', { schedule: '0 0 0 1 1 *', runOnStartup: true, handler: note('at-start') })
app.timer('off', { schedule: '* * * * * *', handler: note('off') })
app.timer('failing', {
  schedule: '0 30 * * * *',
  retry: { strategy: 'fixedDelay', maxRetryCount: 2, delayInterval: { seconds: 60 } },
  handler: async (timer, context) => {
    await note('failing')(timer, context)
    throw new Error('as always')
  },
})

const gate = Promise.withResolvers<void>()
app.timer('slow', {
  schedule: '0 */5 * * * *',
  handler: async (timer, context) => {
    await note('slow')(timer, context)
    await gate.promise
  },
})
app.http('open-gate', {
  route: 'open-gate',
  handler: async () => {
    gate.resolve()
    return { status: 204 }
  },
})
