import { heartbeatAnswerSchema, heartbeatSchema } from '../../shared/agents/heartbeat-wire.ts'
import { answerHeartbeat } from '../../shared/clusters/heartbeat.ts'
import { defineEndpoint, type Endpoint } from '../../shared/http/endpoint.ts'
import { ProblemError } from '../../shared/problem.ts'

export const agentEndpoints: readonly Endpoint[] = [
  defineEndpoint({
    name: 'agents-heartbeat',
    method: 'POST',
    route: 'agent/heartbeat',
    role: 'agent',
    summary: 'Tell how the head node of a cluster is, and learn what is to be done',
    request: heartbeatSchema,
    response: heartbeatAnswerSchema,
    async handler({ body, caller, services }) {
      if (caller.kind !== 'agent') throw new ProblemError({ code: 'forbidden', message: 'Only agents have heartbeats.', retryable: false })
      return answerHeartbeat(services, caller.clusterId, body)
    },
  }),
]
