import type { ReadSettings } from '../config/read-settings.ts'
import type { Settings } from '../config/settings.ts'
import { createKeyStore } from '../keys/key-store.ts'
import { ProblemError } from '../problem.ts'
import { isWritable } from '../secrets/secret-file.ts'
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
  const [storage, secrets] = settings.settings
    ? await Promise.all([lookAtStorage(services()), lookAtSecrets(settings.settings)])
    : [{ reachable: false }, { writable: false }]
  return {
    status: storage.reachable && secrets.writable ? 'healthy' : 'unhealthy',
    version,
    runtime: `Node ${process.versions.node}`,
    functions,
    startedOn: Math.floor(startedAt / 1000),
    storage,
    secrets,
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

/** Without the path: everybody may read this. */
async function lookAtSecrets({ keyVaultUrl, secretsFile }: Settings): Promise<Health['secrets']> {
  if (keyVaultUrl || (await isWritable(secretsFile))) return { writable: true }
  return { writable: false, message: 'The place that SLIPWAY_SECRETS_FILE names cannot be written by the user who runs the app.' }
}

const giveUp = () =>
  new Promise<Health['storage']>((resolve) => {
    const message = `The storage account has not answered for ${PATIENCE / 1000} s.`
    AbortSignal.timeout(PATIENCE).addEventListener('abort', () => resolve({ reachable: false, message }))
  })
