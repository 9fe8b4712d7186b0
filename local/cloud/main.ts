import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { faultPlanSchema } from './fault-plan.ts'
import { DEFAULT_SPEED } from './latencies.ts'
import { startCloud } from './start-cloud.ts'

const USAGE = `Usage: node local/cloud/main.ts --data DIR [--port N] [--tls-port N] [--speed N] [--seed N] [--faults FILE]
`

const portSchema = z.coerce.number().int().min(0).max(65_535)
const optionsSchema = z.object({
  data: z.string().min(1),
  port: portSchema.default(0),
  'tls-port': portSchema.optional(),
  speed: z.coerce.number().positive().max(1_000_000).default(DEFAULT_SPEED),
  seed: z.coerce.number().int().default(1),
  faults: z.string().optional(),
})

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      port: { type: 'string' },
      'tls-port': { type: 'string' },
      speed: { type: 'string' },
      seed: { type: 'string' },
      faults: { type: 'string' },
      help: { type: 'boolean' },
    },
  })
  if (values.help) {
    process.stdout.write(USAGE)
    return
  }
  const { data, port, 'tls-port': tlsPort, speed, seed, faults } = optionsSchema.parse(values)
  const cloud = await startCloud({
    dataDir: data,
    port,
    ...(tlsPort !== undefined && { tlsPort }),
    speed,
    seed,
    ...(faults !== undefined && { faults: faultPlanSchema.parse(JSON.parse(readFileSync(faults, 'utf8'))) }),
    log: (line) => void process.stderr.write(`${line}\n`),
  })
  const { url, tlsUrl, caPath } = cloud
  process.stdout.write(`${JSON.stringify({ url, tlsUrl, caPath, pid: process.pid })}\n`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void cloud.stop().then(() => process.exit(0)))
}

main().catch((error: unknown) => {
  const reason = error instanceof z.ZodError ? z.prettifyError(error) : error instanceof Error ? error.message : String(error)
  process.stderr.write(`${reason}\n${USAGE}`)
  process.exit(1)
})
