import type { Standing } from '../clusters/transitions.ts'
import { busy, refuse, type Verdict } from '../clusters/verdict.ts'

/** What can be done about an upgrade, judged with the clusters' other transitions. */

export function judgeUpgrade({ state, busyWith, upgrade }: Standing): Verdict {
  if (busyWith) return busy({ state, busyWith })
  if (upgrade) return refuse('an upgrade is under way', 'Retry its operation, or roll it back.')
  if (state === 'running' || state === 'stopped') return { allowed: true, enters: 'updating' }
  return refuse(`cluster is ${state} and cannot be upgraded`, 'Bring the cluster to running or stopped first.')
}

export function judgeRollback({ state, busyWith, upgrade }: Standing): Verdict {
  if (busyWith) return busy({ state, busyWith })
  if (!upgrade) return refuse('there is no upgrade to roll back', 'Only an upgrade that has failed or was cancelled can be rolled back.')
  if (upgrade === 'finishing')
    return refuse('the new version has taken over and the former head is being removed', 'Retry the operation of the upgrade.')
  return { allowed: true, enters: 'stopping' }
}

/** Whether a start goes on with a failed upgrade: while nothing has been replaced, and when everything has (contract §2.2). */
export const startResumes = ({ failedAt, upgrade }: Standing): boolean =>
  failedAt === 'upgrade-cluster' && (upgrade === 'preparing' || upgrade === 'finishing')
