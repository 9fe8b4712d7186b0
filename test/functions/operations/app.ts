import { app } from '@azure/functions'
import * as df from 'durable-functions'
import { registerEndpoints } from '../../../functions/http.ts'
import { durableOrchestrations } from '../../../functions/operations/durable-orchestrations.ts'
import { operationEndpoints } from '../../../functions/operations/http.ts'
import { registerOperations } from '../../../functions/operations/register.ts'
import { realClock } from '../../../shared/clock.ts'
import { createFrontDoor } from '../../../shared/http/front-door.ts'
import { byKind } from '../../../shared/operations/kinds.ts'
import type { Look } from '../../../shared/operations/outcome.ts'
import { type OperationRequest, startOperation } from '../../../shared/operations/start-operation.ts'
import type { StepKind } from '../../../shared/operations/step.ts'
import { type Problem, ProblemError } from '../../../shared/problem.ts'
import { servicesOf } from '../../shared/operations/test-services.ts'
import { claimToy, toyKind } from '../../shared/operations/toy-kind.ts'

/** Asks the test what the step shall answer: a look, or a problem to throw. */
async function ask(verb: string, id: string): Promise<Look> {
  const response = await fetch(`${process.env.TOY_AZURE}/${verb}/${id}`, { method: 'POST' })
  const answer = (await response.json()) as { look: Look } | { problem: Problem }
  if ('problem' in answer) throw new ProblemError(answer.problem)
  return answer.look
}

const make: StepKind<{ readonly id: string }> = {
  kind: 'toy.make',
  permissions: [],
  seconds: 1,
  describe: ({ id }) => ({ title: id, touches: [] }),
  begin: (_context, { id }) => ask('begin', id),
  check: (_context, { id }) => ask('check', id),
  undo: (_context, { id }) => ask('undo', id),
}

const services = servicesOf(process.env, realClock)
const kinds = {
  steps: byKind([make]),
  operations: byKind([toyKind('build', 'undo'), toyKind('destroy')]),
}
registerOperations({ services: () => services, kinds, taggedResources: async () => [] })
registerEndpoints(
  operationEndpoints(kinds),
  createFrontDoor({ services: () => services, agents: () => async () => undefined, clock: services.clock, log: services.log }),
)

app.http('start', {
  methods: ['POST'],
  extraInputs: [df.input.durableClient()],
  handler: async (request, context) => {
    const asked = (await request.json()) as OperationRequest
    const orchestrations = durableOrchestrations(df.getClient(context))
    const operation = await startOperation(services, orchestrations, asked, ({ id }) =>
      claimToy(services, asked.subject.id, id, asked.supersedes),
    )
    return { jsonBody: operation }
  },
})

app.http('purge', {
  methods: ['POST'],
  extraInputs: [df.input.durableClient()],
  handler: async (_request, context) => {
    await durableOrchestrations(df.getClient(context)).purge(new Date(realClock.now() + 60_000))
    return { status: 204 }
  },
})
