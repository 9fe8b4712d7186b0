import { appendFileSync, existsSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { app } from '@azure/functions'

const write = (line: string) => appendFileSync(process.env.DIARY ?? '', `${line}\n`)

app.hook.appStart(() => write('appStart'))
app.hook.appTerminate(async () => write('appTerminate'))
app.hook.preInvocation((context) => {
  write(`before ${context.invocationContext.functionName}`)
  context.hookData.seen = 'kept'
  if (context.invocationContext.functionName === 'replaced') context.functionHandler = async () => ({ body: 'by the hook' })
})
app.hook.postInvocation((context) => {
  write(`after ${context.invocationContext.functionName} ${context.hookData.seen}`)
  if (context.invocationContext.functionName === 'saved') {
    context.error = null
    context.result = { body: 'saved' }
  }
})
app.hook.log((context) => {
  if (context.message === 'quiet') context.level = 'none'
})

app.warmup('warm', { handler: async () => write('warm') })
app.http('replaced', { handler: async () => ({ body: 'by the handler' }) })
app.http('saved', {
  handler: async () => {
    throw new Error('lost')
  },
})
app.http('logs', {
  handler: async (_request, context) => {
    context.log('quiet')
    context.warn('loud')
    return { status: 204 }
  },
})

app.http('wait', {
  handler: async () => {
    write('waiting')
    while (!existsSync(`${process.env.DIARY}.go-on`)) await setTimeout(10)
    write('answered')
    return { body: 'done' }
  },
})
