import { ProblemError } from '../problem.ts'
import { judgeRollback, judgeUpgrade, startResumes } from '../upgrades/judge-upgrade.ts'
import type { UpgradePhase } from '../upgrades/upgrade.ts'
import type { ActivationState, ClusterState } from './cluster-state.ts'
import { busy, refuse, type Verdict } from './verdict.ts'

/** What a caller can ask of a cluster. */
export const mutations = [
  'start',
  'stop',
  'delete',
  'restart',
  'add-workers',
  'remove-workers',
  'open-ports',
  'modify-instance-type',
  'configure-autoscale',
  'disable-autoscale',
  'upgrade',
  'rollback',
  'backup',
] as const
export type Mutation = (typeof mutations)[number]

/** What the app does of its own accord. */
export const AUTOSCALE = 'autoscale-workers'
export type Change = Mutation | typeof AUTOSCALE

export interface Standing {
  readonly state: ClusterState
  /** Kind of the operation that runs on it. */
  readonly busyWith?: string
  /** Kind of the operation whose failure left it in `error`. */
  readonly failedAt?: string
  /** How far an upgrade is that has not ended. */
  readonly upgrade?: UpgradePhase
  /** Guarded against deletion by mistake. */
  readonly locked?: true
  /** Created without backups. */
  readonly unsaved?: true
}

/** States that a finished start can have left; all others are on their way somewhere. */
const up: readonly ClusterState[] = ['running', 'worker-error', 'command-failed', 'secondary-error']
const down: readonly ClusterState[] = ['stopped', 'externally-stopped']
/** What an unfinished start or stop leaves can be started and stopped: every step of them first looks what is there. */
const resumable: readonly string[] = ['start-cluster', 'stop-cluster', 'restart-cluster']
const isHalfway = ({ state, failedAt = '' }: Standing): boolean => state === 'error' && resumable.includes(failedAt)

const judges: Record<Change, (standing: Standing) => Verdict> = {
  start: judgeStart,
  stop: judgeStop,
  delete: judgeDelete,
  restart: (standing) => whileUp('restarted', 'starting', standing),
  'add-workers': (standing) => whileUp('given workers', 'worker-pending', standing),
  'open-ports': judgePorts,
  'modify-instance-type': judgeResize,
  'configure-autoscale': judgeAutoscale,
  'disable-autoscale': (standing) => ({ allowed: true, enters: standing.state }),
  [AUTOSCALE]: (standing) => whileUp('scaled', 'updating', standing),
  upgrade: judgeUpgrade,
  rollback: judgeRollback,
  backup: judgeBackup,
  'remove-workers': (standing) => whileUp('relieved of workers', 'worker-decommissioning', standing),
}

export const judge = (mutation: Change, standing: Standing): Verdict => judges[mutation](standing)

const MEND = 'Retry the failed operation, or terminate the cluster.'

function judgeDelete({ locked }: Standing): Verdict {
  if (!locked) return { allowed: true, enters: 'shutting-down' }
  return refuse('cluster is locked', 'Unlock it, or confirm the deletion with ?confirm= and its name.', 'conflict')
}

/** What needs machines that run and nothing else going on. `done`: the participle for the sentence. */
function whileUp(done: string, enters: ClusterState, { state, busyWith }: Standing): Verdict {
  if (busyWith) return busy({ state, busyWith })
  if (up.includes(state)) return { allowed: true, enters }
  const remedy = down.includes(state) ? 'Start the cluster first.' : state === 'error' ? MEND : undefined
  return refuse(`cluster is ${state} and cannot be ${done}`, remedy)
}

function judgeBackup({ state, busyWith, unsaved }: Standing): Verdict {
  if (unsaved) return refuse('the cluster was created without backups: its backupRetentionPeriod is 0')
  if (busyWith) return busy({ state, busyWith })
  if (state === 'running') return { allowed: true, enters: 'running' }
  return refuse(`cluster is ${state} and cannot be backed up`, down.includes(state) ? 'Start the cluster first.' : MEND)
}

/** Ports change beside anything else, once the cluster has its security group and as long as it keeps it. */
function judgePorts({ state, busyWith = '', failedAt = '' }: Standing): Verdict {
  const building: readonly string[] = ['create-cluster', 'restore-cluster', 'delete-cluster']
  if (building.includes(busyWith)) return busy({ state, busyWith })
  if (building.includes(failedAt)) return refuse(`ports cannot be changed: cluster is ${state}`, MEND)
  return { allowed: true, enters: state }
}

/** Nobody but the app itself works with it, so it is enough that the cluster is there to stay. */
function judgeAutoscale({ state, busyWith }: Standing): Verdict {
  if (busyWith && busyWith !== AUTOSCALE) return busy({ state, busyWith })
  if (busyWith || up.includes(state) || down.includes(state)) return { allowed: true, enters: state }
  return refuse(`autoscaling cannot be configured: cluster is ${state}`, MEND)
}

/** A machine takes another size while it has none of Azure's hardware. */
function judgeResize(standing: Standing): Verdict {
  const { state, busyWith, failedAt } = standing
  if (busyWith) return busy({ state, busyWith })
  // Where Azure refuses a size there must be a way to another one.
  if (down.includes(state) || (state === 'error' && failedAt === 'start-cluster')) return { allowed: true, enters: state }
  const remedy = judgeStop(standing).allowed ? 'Stop the cluster first.' : MEND
  return refuse(`instance types cannot be modified: cluster is ${state}`, remedy)
}

function judgeStart(standing: Standing): Verdict {
  const { state, busyWith } = standing
  if (state === 'running') return refuse('cluster is already running')
  if (busyWith) return busy({ state, busyWith })
  if (startResumes(standing)) return { allowed: true, enters: 'updating' }
  if (down.includes(state) || isHalfway(standing)) return { allowed: true, enters: 'starting' }
  return refuse(`cluster is ${state} and cannot be started`, state === 'error' ? MEND : undefined)
}

function judgeStop(standing: Standing): Verdict {
  const { state, busyWith } = standing
  if (down.includes(state)) return refuse('cluster is already stopped')
  // What the app does of its own accord gives way.
  if (busyWith === AUTOSCALE) return { allowed: true, enters: 'stopping' }
  if (busyWith) return busy({ state, busyWith })
  if (up.includes(state) || isHalfway(standing)) return { allowed: true, enters: 'stopping' }
  return refuse(`cluster is ${state} and cannot be stopped`, state === 'error' ? MEND : undefined)
}

/** Derived, so that the wire never offers what would be refused. It has one word: what can be stopped as well is first of all to start. */
export function activationOf(standing: Standing): ActivationState {
  if (judge('start', standing).allowed) return 'startable'
  return judge('stop', standing).allowed ? 'stoppable' : 'terminable'
}

export interface AllowedAction {
  readonly action: Mutation
  readonly allowed: boolean
  readonly reason?: string
  readonly remedy?: string
}

export function allowedActions(standing: Standing): AllowedAction[] {
  return mutations.map((action) => {
    const verdict = judge(action, standing)
    if (verdict.allowed) return { action, allowed: true }
    return { action, allowed: false, reason: verdict.reason, ...(verdict.remedy && { remedy: verdict.remedy }) }
  })
}

/** The state that an allowed mutation enters; ProblemError where it is not allowed. */
export function enter(mutation: Change, standing: Standing): ClusterState {
  const verdict = judge(mutation, standing)
  if (verdict.allowed) return verdict.enters
  const { code, reason, remedy, retryable } = verdict
  throw new ProblemError({ code, message: reason, ...(remedy && { remedy }), retryable })
}
