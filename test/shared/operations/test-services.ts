import { type FakeClock, fakeClock } from '../../../local/clock.ts'
import { readSettings } from '../../../shared/config/read-settings.ts'
import type { Services } from '../../../shared/services.ts'
import { connectStorage } from '../../../shared/storage/connection.ts'
import { createTables } from '../../../shared/storage/tables.ts'

/** Settings of a test app on the given storage: fast looks, a quick Azure. */
export const testSettings = (connectionString: string): Record<string, string> => ({
  AzureWebJobsStorage: connectionString,
  SLIPWAY_SECRETS_FILE: '/nonexistent/secrets.json',
  SLIPWAY_POLLING_SECONDS: '0.05',
  SLIPWAY_CLOCK_SPEED: '10',
})

/** What operations use of the services; steps in these tests use nothing else. */
export function servicesOf(
  environment: Record<string, string | undefined>,
  clock: { now(): number },
): Services & { readonly logged: string[] } {
  const { settings, problems } = readSettings(environment)
  if (!settings) throw new Error(JSON.stringify(problems))
  const logged: string[] = []
  const services = {
    settings,
    clock,
    tables: createTables(connectStorage({ connectionString: settings.storageConnectionString ?? '' }), settings.tablePrefix),
    log: (event: string, fields: object) => logged.push(JSON.stringify({ event, ...fields })),
    logged,
  }
  return services as unknown as Services & { readonly logged: string[] }
}

export function testServices(connectionString: string): { services: Services & { readonly logged: string[] }; clock: FakeClock } {
  const clock = fakeClock()
  return { clock, services: servicesOf(testSettings(connectionString), clock) }
}
