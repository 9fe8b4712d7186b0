import { app, type InvocationContext, output } from '@azure/functions'

const note = (name: string) => async (message: unknown, context: InvocationContext) => {
  const { dequeueCount, queueTrigger, colour } = context.triggerMetadata ?? {}
  context.log(JSON.stringify({ name, message, dequeueCount, queueTrigger, colour }))
  if (message === 'fails' || message === `fails ${dequeueCount}`) throw new Error('as told')
}

app.storageQueue('work', { queueName: '%WORK%', connection: 'AzureWebJobsStorage', handler: note('work') })
app.storageQueue('poisoned', { queueName: 'other-poison', connection: 'Storage', handler: note('poisoned') })

const queue = output.storageQueue({ queueName: 'work', connection: 'AzureWebJobsStorage' })
app.http('send', {
  route: 'send',
  methods: ['POST'],
  extraOutputs: [queue],
  handler: async (request, context) => {
    context.extraOutputs.set(queue, await request.json())
    return { status: 202 }
  },
})
