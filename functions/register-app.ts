import { createAgentAuthenticator } from '../shared/agents/agent-authenticator.ts'
import type { AgentFiles } from '../shared/agents/agent-files.ts'
import { realClock } from '../shared/clock.ts'
import { taggedResources } from '../shared/clusters/tagged-resources.ts'
import type { Environment } from '../shared/config/environment.ts'
import { readSettings } from '../shared/config/read-settings.ts'
import type { Endpoint } from '../shared/http/endpoint.ts'
import { createFrontDoor } from '../shared/http/front-door.ts'
import { ProblemError } from '../shared/problem.ts'
import type { Services } from '../shared/services.ts'
import { registerAutoscale } from './autoscale/timer.ts'
import { registerBackups } from './backups/timer.ts'
import { openApiEndpoint } from './docs/http.ts'
import { featureEndpoints } from './endpoints.ts'
import { healthEndpoint } from './health/http.ts'
import { registerEndpoints } from './http.ts'
import { createInvocationLog } from './invocation-log.ts'
import { kinds } from './kinds.ts'
import { registerNotifications } from './notifications/register.ts'
import { registerOperations } from './operations/register.ts'
import { registerRegistryEvents } from './registries/events.ts'
import { registerRetention } from './retention/register.ts'
import { createServices } from './services.ts'
import { registerUnknownRoute } from './unknown-route/http.ts'

/** What the bundle brings along. */
export interface Shipped {
  readonly version: string
  readonly agentFiles: AgentFiles
}

/** Registers every function of the app. Wrong settings do not stop it: `/api/health` tells them, everything else answers 503. */
export function registerApp(environment: Environment, { version, agentFiles }: Shipped): void {
  const clock = realClock
  const startedAt = clock.now()
  const log = createInvocationLog()
  const settings = readSettings(environment)
  const built = settings.settings && createServices(settings.settings, { clock, log, agentFiles })
  if (!built) log('settings-rejected', { settings: settings.problems.map(({ name }) => name).join(', ') })
  const services = (): Services => {
    if (built) return built
    throw new ProblemError({
      code: 'transient',
      message: `The app's settings are wrong. ${settings.problems.map((problem) => problem.message).join(' ')}`,
      remedy: 'Mend the settings and restart the app. GET /api/health lists them.',
      retryable: false,
    })
  }

  let functions = 0
  const endpoints: readonly Endpoint[] = [
    ...featureEndpoints,
    healthEndpoint(() => ({ version, functions, startedAt, settings, services })),
    openApiEndpoint(() => endpoints, version),
  ]
  registerEndpoints(endpoints, createFrontDoor({ services, clock, log, agents: createAgentAuthenticator }))
  registerUnknownRoute()
  const notifications = settings.settings ? registerNotifications(services, settings.settings.tablePrefix) : 0
  functions =
    endpoints.length +
    1 +
    notifications +
    registerOperations({ services, kinds, taggedResources }) +
    registerRetention(services) +
    registerRegistryEvents(services) +
    registerAutoscale(services) +
    registerBackups(services)
}
