import * as df from 'durable-functions'

interface Leg {
  readonly round: number
  readonly total: number
}

const failedOnce = new Set<string>()
df.app.activity('add-one', { handler: (n: number) => n + 1 })
df.app.activity('stumble', {
  handler: (key: string) => {
    if (failedOnce.has(key)) return 10
    failedOnce.add(key)
    throw new Error('stumbled')
  },
})

const soon = (context: df.OrchestrationContext) => new Date(context.df.currentUtcDateTime.getTime() + 20)

/** Three rounds of everything that can be under way when a host dies. */
df.app.orchestration('journey', function* (context) {
  const { round, total } = context.df.getInput() as Leg
  const one: number = yield context.df.callActivity('add-one', total)
  const many: number[] = yield context.df.Task.all([1, 2, 3].map((n) => context.df.callActivity('add-one', n)))
  yield context.df.createTimer(soon(context))
  const event: number = yield context.df.waitForExternalEvent(`go-${round}`)
  const trip: number = yield context.df.callSubOrchestrator('side-trip', round)
  const stumbled: number = yield context.df.callActivityWithRetry(
    'stumble',
    new df.RetryOptions(5, 50),
    `${context.df.instanceId}-${round}`,
  )
  const sum = one + many.reduce((a, b) => a + b) + event + trip + stumbled
  if (round === 2) return sum
  context.df.continueAsNew({ round: round + 1, total: sum })
  return undefined
})
df.app.orchestration('side-trip', function* (context) {
  yield context.df.createTimer(soon(context))
  return yield context.df.callActivity('add-one', context.df.getInput())
})
