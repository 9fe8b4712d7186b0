import type { Api, WireCluster } from './api.ts'

/** What the provider goes on waiting in, and what ends the wait; anything else fails it at once [contract §2.5]. `gone` stands for 404. */
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
  'create-backup': { pending: ['pending', 'initializing', 'processing'], target: ['succeed', 'failed'] },
  'delete-backup': { pending: ['pending', 'deleting'], target: ['gone', 'failed'] },
} satisfies Record<string, Waiter>

/** More than any journey takes; what hangs fails with the states it went through. */
const LIMIT_MS = 120_000
/** The provider polls every 30 and 10 s by turns; only the time is compressed here, not what is accepted. */
const POLLS_MS = [75, 25] as const

/** One look at what is waited for. */
export interface Look<Subject> {
  readonly state: string
  readonly isUpgrading?: boolean
  readonly subject: Subject
}

/** Looks until a target state; fails at once on a state that the provider would not know. Gives the states seen, in order, and the last look's subject. */
export async function waitUntil<Subject>(
  kind: keyof typeof WAITERS,
  look: () => Promise<Look<Subject>>,
  explain: () => Promise<unknown> = async () => undefined,
): Promise<{ end: string; seen: string[]; subject: Subject }> {
  const { pending, target, whileUpgrading = [] }: Waiter = WAITERS[kind]
  const seen: string[] = []
  const end = Date.now() + LIMIT_MS
  for (let poll = 0; ; poll++) {
    const { state, isUpgrading = false, subject } = await look()
    if (seen.at(-1) !== state) seen.push(state)
    const goesOn = isUpgrading && whileUpgrading.includes(state)
    if (target.includes(state) && !goesOn) return { end: state, seen, subject }
    if (!pending.includes(state) && !goesOn)
      throw new Error(`unexpected state '${state}', wanted target '${target.join(', ')}' (${seen.join(' → ')})`)
    if (Date.now() > end) throw new Error(`timeout while waiting for ${target[0]}: ${seen.join(' → ')}: ${JSON.stringify(await explain())}`)
    await new Promise((resolve) => setTimeout(resolve, POLLS_MS[poll % 2]))
  }
}

/** Waits for a cluster as the provider does. */
export async function waitFor(
  api: Api,
  id: string,
  kind: keyof typeof WAITERS,
): Promise<{ end: string; seen: string[]; cluster: WireCluster | undefined }> {
  const look = async () => {
    const cluster = await api.cluster(id)
    return { state: cluster?.state ?? 'gone', isUpgrading: cluster?.upgradeInProgress !== undefined, subject: cluster }
  }
  const { subject, ...result } = await waitUntil(kind, look, () => api.operations(id))
  return { ...result, cluster: subject }
}
