import { app } from '@azure/functions'
import { takeEvent } from '../../shared/registries/registry-events.ts'
import type { Services } from '../../shared/services.ts'

/** Registers what Event Grid calls; the host answers the handshake and tries again what fails. Answers how many functions these are. */
export function registerRegistryEvents(services: () => Services): number {
  app.eventGrid('registry-events', { handler: (event) => takeEvent(services(), event) })
  return 1
}
