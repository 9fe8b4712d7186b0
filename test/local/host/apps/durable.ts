import { app, type InvocationContext } from '@azure/functions'
import * as df from 'durable-functions'

const tries = new Map<string, number>()
const gates = new Map<string, PromiseWithResolvers<void>>()
const gate = (name: string) => {
  const found = gates.get(name) ?? Promise.withResolvers<void>()
  gates.set(name, found)
  return found
}

app.http('open', {
  route: 'open/{gate}',
  handler: async (request) => {
    gate(request.params.gate ?? '').resolve()
    return { status: 204 }
  },
})
app.http('client', {
  route: 'client/{orchestrator}/{id}',
  methods: ['POST'],
  extraInputs: [df.input.durableClient()],
  handler: async (request, context) => {
    const { orchestrator = '', id = '' } = request.params
    const client = df.getClient(context)
    await client.startNew(orchestrator, { instanceId: id, input: 1 })
    return client.waitForCompletionOrCreateCheckStatusResponse(request, id, {
      timeoutInMilliseconds: 5_000,
      retryIntervalInMilliseconds: 20,
    })
  },
})

const say = (what: unknown, context: InvocationContext) => context.log(JSON.stringify(what))
df.app.activity('add-one', { handler: (n: number) => n + 1 })
df.app.activity('say', { handler: say })
df.app.activity('fail', { handler: (message: string) => Promise.reject(new Error(message)) })
df.app.activity('pass-gate', {
  handler: async (name: string, context: InvocationContext) => {
    say({ at: name }, context)
    await gate(name).promise
    return name
  },
})
df.app.activity('fail-twice', {
  handler: (key: string) => {
    const count = (tries.get(key) ?? 0) + 1
    tries.set(key, count)
    if (count < 3) throw new Error(`try ${count}`)
    return count
  },
})

df.app.activity('doze', {
  handler: async (milliseconds: number, context: InvocationContext) => {
    say('dozing', context)
    await new Promise((resolve) => setTimeout(resolve, milliseconds))
    return 'rested'
  },
})

const later = (context: df.OrchestrationContext, milliseconds: number) => new Date(context.df.currentUtcDateTime.getTime() + milliseconds)

df.app.orchestration('chain', function* (context) {
  let n: number = context.df.getInput()
  for (let step = 0; step < 3; step++) n = yield context.df.callActivity('add-one', n)
  return n
})
df.app.orchestration('sleep', function* (context) {
  yield context.df.createTimer(later(context, context.df.getInput() as number))
  return context.df.currentUtcDateTime.toISOString()
})
df.app.orchestration('retry', function* (context) {
  const options = Object.assign(new df.RetryOptions(60_000, 5), { backoffCoefficient: 2 })
  return yield context.df.callActivityWithRetry('fail-twice', options, context.df.instanceId)
})
df.app.orchestration('retry-in-vain', function* (context) {
  const options = Object.assign(new df.RetryOptions(1_000, 10), { retryTimeoutInMilliseconds: context.df.getInput() })
  try {
    return yield context.df.callActivityWithRetry('fail', options, 'no luck')
  } catch (error) {
    return (error as Error).message
  }
})
df.app.orchestration('wait', function* (context) {
  context.df.setCustomStatus('waiting')
  return yield context.df.waitForExternalEvent('go')
})
df.app.orchestration('collect', function* (context) {
  const events: unknown[] = []
  for (let n = 0; n < 3; n++) events.push(yield context.df.waitForExternalEvent('item'))
  return events
})
df.app.orchestration('event-or-timer', function* (context) {
  const timer = context.df.createTimer(later(context, 3_600_000))
  const event = context.df.waitForExternalEvent('go')
  const winner: df.Task = yield context.df.Task.any([event, timer])
  if (winner === event) timer.cancel()
  yield context.df.createTimer(later(context, 7_200_000))
  return winner === event ? 'event' : 'timer'
})
df.app.orchestration('stop-or-finish', function* (context) {
  const work = context.df.callActivityWithRetry('fail-twice', new df.RetryOptions(60_000, 5), context.df.instanceId)
  const winner: df.Task = yield context.df.Task.any([work, context.df.waitForExternalEvent('stop')])
  const tries: number = yield work
  const after: number = yield context.df.callActivity('add-one', tries)
  return { stopped: winner !== work, tries, after }
})
df.app.orchestration('parent', function* (context) {
  const children = [1, 2, 3].map((n) => context.df.callSubOrchestrator('chain', n))
  return yield context.df.Task.all(children)
})
df.app.orchestration('parent-of', function* (context) {
  const { name, id } = context.df.getInput() as { name: string; id: string }
  try {
    return yield context.df.callSubOrchestrator(name, null, id)
  } catch (error) {
    return { failed: (error as Error).message }
  }
})
df.app.orchestration('parent-retries', function* (context) {
  return yield context.df.callSubOrchestratorWithRetry('fails-once', new df.RetryOptions(1, 3), null, `${context.df.instanceId}-child`)
})
df.app.orchestration('fails-once', function* (context) {
  const count: number = yield context.df.callActivity('fail-twice', context.df.instanceId)
  return count
})
df.app.orchestration('throws', function* () {
  throw new Error('own words')
})
df.app.orchestration('unknown-activity', function* (context) {
  yield context.df.callActivity('nowhere')
})
df.app.orchestration('entity', function* (context) {
  yield context.df.callEntity(new df.EntityId('counter', 'one'), 'get')
})
df.app.orchestration('loop', function* (context) {
  const { round, raised } = context.df.getInput() as { round: number; raised: string[] }
  const event: string = yield context.df.waitForExternalEvent('item')
  if (round === 2) return [...raised, event]
  context.df.continueAsNew({ round: round + 1, raised: [...raised, event] })
  return undefined
})
df.app.orchestration('gate', function* (context) {
  const passed: string = yield context.df.callActivity('pass-gate', context.df.instanceId)
  yield context.df.callActivity('say', { passed })
  return passed
})
df.app.orchestration('big-status', function* (context) {
  context.df.setCustomStatus('x'.repeat(9_000))
})
df.app.orchestration('nap', function* (context) {
  return yield context.df.callActivity('doze', 200)
})
df.app.orchestration('crowd', function* (context) {
  const gates = [1, 2, 3, 4].map((n) => context.df.callActivity('pass-gate', `crowd-${n}`))
  return yield context.df.Task.all(gates)
})
