import type { ReadSettings } from '../config/read-settings.ts'
import { createKeyStore } from '../keys/key-store.ts'
import { ProblemError } from '../problem.ts'
import type { Services } from '../services.ts'
import type { Health } from './wire.ts'

/** Longest wait for storage, in milliseconds: whoever asks for health asks often. */
const PATIENCE = 2000

export interface HealthFacts {
  readonly version: string
  readonly functions: number
  /** Epoch milliseconds. */
  readonly startedAt: number
  readonly settings: ReadSettings
  readonly services: () => Services
}

export async function readHealth({ version, functions, startedAt, settings, services }: HealthFacts): Promise<Health> {
  const storage = settings.settings ? await lookAtStorage(services()) : { reachable: false }
  return {
    status: storage.reachable ? 'healthy' : 'unhealthy',
    version,
    runtime: `Node ${process.versions.node}`,
    functions,
    startedOn: Math.floor(startedAt / 1000),
    storage,
    settings: settings.problems.map((problem) => ({ ...problem })),
  }
}

async function lookAtStorage({ tables, clock }: Services): Promise<Health['storage']> {
  const looked = createKeyStore(tables, clock)
    .find('health')
    .then(
      () => ({ reachable: true }),
      (error: unknown) => ({ reachable: false, message: error instanceof ProblemError ? error.message : 'Storage cannot be read.' }),
    )
  return Promise.race([looked, giveUp()])
}

const giveUp = () =>
  new Promise<Health['storage']>((resolve) => {
    const message = `The storage account has not answered for ${PATIENCE / 1000} s.`
    AbortSignal.timeout(PATIENCE).addEventListener('abort', () => resolve({ reachable: false, message }))
  })
