import { healthEndpoint } from '../../functions/health/http.ts'
import { testServices } from '../services.ts'
import { frontDoorClient } from '../shared/http/front-door-client.ts'

const services = testServices()

test('however many ask at once, storage is asked once', async () => {
  let looks = 0
  const tables: typeof services.tables = {
    table(name, schema) {
      const table = services.tables.table(name, schema)
      return {
        ...table,
        get(...row) {
          looks++
          return table.get(...row)
        },
      }
    },
  }
  const watched = { ...services, tables }
  const endpoint = healthEndpoint(() => ({
    version: '1.2.3',
    functions: 1,
    startedAt: 0,
    settings: { settings: services.settings, problems: [] },
    services: () => watched,
  }))
  const ask = frontDoorClient(watched)
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask(endpoint)))
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200))
  expect(looks).toBe(1)
  expect((await ask(endpoint)).status).toBe(200)
  expect(looks).toBe(2)
})
