import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createServices } from '../functions/services.ts'
import { readSettings } from '../shared/config/read-settings.ts'
import type { Events } from '../shared/log/events.ts'
import type { Services } from '../shared/services.ts'
import { azurite } from './azurite.ts'

export interface TestServices extends Services {
  /** Moves the clock, in milliseconds. */
  advance(ms: number): void
  readonly logged: readonly { readonly event: keyof Events; readonly fields: object }[]
}

/** The app's own services on a fresh storage account, with a clock that stands still; `environment` adds settings. Call it in a test file, not in a test. */
export function testServices(environment: Readonly<Record<string, string>> = {}): TestServices {
  const folder = mkdtempSync(path.join(tmpdir(), 'slipway-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const { settings, problems } = readSettings({
    AzureWebJobsStorage: azurite().connectionString,
    SLIPWAY_SECRETS_FILE: path.join(folder, 'secrets'),
    ...environment,
  })
  if (!settings) throw new Error(problems.map((problem) => problem.message).join(' '))
  let now = Date.UTC(2026, 0, 1)
  const logged: { event: keyof Events; fields: object }[] = []
  const services = createServices(settings, {
    clock: { now: () => now },
    log: (event, fields) => logged.push({ event, fields }),
    agentFiles: { script: '', unit: '' },
  })
  return {
    ...services,
    logged,
    advance(ms) {
      now += ms
    },
  }
}
