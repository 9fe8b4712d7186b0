import type { Api, WireCluster } from './api.ts'

/** The provider's waiters: which states it goes on waiting in, and which end it [contract §2.5]. `gone` stands for 404. */
interface Waiter {
  readonly pending: readonly string[]
  readonly target: readonly string[]
  /** Targets that are waited in as long as the cluster shows an upgrade. */
  readonly whileUpgrading?: readonly string[]
}

const PENDING_RUN = [
  'starting',
  'pending',
  'initializing',
  'updating',
  'decommissioning',
  'worker-starting',
  'worker-pending',
  'worker-initializing',
  'worker-shutting-down',
  'worker-decommissioning',
  'rondb-initializing',
  'starting-hopsworks',
  'secondary-initializing',
]
const FAILED_RUN = ['error', 'worker-error', 'command-failed', 'secondary-error', 'externally-shutting-down', 'externally-terminated']

export const WAITERS = {
  run: { pending: PENDING_RUN, target: ['running', ...FAILED_RUN] },
  upgrade: { pending: [...PENDING_RUN, 'stopped', 'stopping'], target: ['running', ...FAILED_RUN], whileUpgrading: ['running'] },
  stop: { pending: ['running', 'pending', 'stopping'], target: ['stopped', 'externally-stopped', 'error'] },
  delete: { pending: ['running', 'shutting-down'], target: ['gone', 'error', 'termination-warning', 'command-failed'] },
} satisfies Record<string, Waiter>

/** More than any journey takes; what hangs fails with the states it went through. */
const LIMIT_MS = 120_000
/** The provider polls every 10 to 30 s; only the time is compressed here, not what is accepted. */
const POLL_MS = 25

/** Polls until a target state; fails at once on a state that the provider would not know. Gives the states seen, in order, and the cluster. */
export async function waitFor(
  api: Api,
  id: string,
  kind: keyof typeof WAITERS,
): Promise<{ end: string; seen: string[]; cluster: WireCluster | undefined }> {
  const { pending, target, whileUpgrading = [] }: Waiter = WAITERS[kind]
  const seen: string[] = []
  const end = Date.now() + LIMIT_MS
  for (;;) {
    const cluster = await api.cluster(id)
    const state = cluster?.state ?? 'gone'
    if (seen.at(-1) !== state) seen.push(state)
    const isUpgrading = cluster?.upgradeInProgress !== undefined && whileUpgrading.includes(state)
    if (target.includes(state) && !isUpgrading) return { end: state, seen, cluster }
    if (!pending.includes(state) && !isUpgrading)
      throw new Error(`unexpected state '${state}', wanted target '${target.join(', ')}' (${seen.join(' → ')})`)
    if (Date.now() > end)
      throw new Error(`timeout while waiting for ${target[0]}: ${seen.join(' → ')}: ${JSON.stringify(await api.operations(id))}`)
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}
