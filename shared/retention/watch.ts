import { everyRow } from '../operations/every-row.ts'
import { secondsNow } from '../operations/operations.ts'
import type { OrchestrationStatus, Orchestrations } from '../operations/orchestrations.ts'
import { errorText } from '../operations/step-error.ts'
import type { Registry } from '../registries/registry.ts'
import { listRegistries } from '../registries/registry-store.ts'
import type { Services } from '../services.ts'
import { endRun, releaseRegistry } from './perform-run.ts'
import { isSettled, pointersOf } from './pointers.ts'
import { hasEnded, type Run } from './run.ts'
import { changeRun, findRun } from './runs.ts'
import { nextTime } from './schedule.ts'
import { launchRun, orchestrationOf, startRun } from './start-run.ts'

/** Seconds within which whoever starts or ends a run may still be at it. */
const GRACE = 60
/** A run whose orchestration breaks so often has hit a bug: a person has to look. */
const MOST_ATTEMPTS = 30

/**
 * Sees to every registry: that a run which was claimed goes on, and that one begins when the schedule or an event asks for it.
 * Safe at any time, on several instances at once: a registry is claimed by one run.
 */
export async function watchRegistries(services: Services, orchestrations: Orchestrations): Promise<void> {
  for (const registry of await everyRow((page) => listRegistries(services, page))) {
    try {
      if (registry.activeRun !== undefined) await watchRun(services, orchestrations, registry, registry.activeRun)
      else if (registry.retiredOn === undefined) await begin(services, orchestrations, registry)
    } catch (error) {
      // One registry that cannot be helped now must not keep the others from it.
      services.log('retention-timer-failed', { registry: registry.id, error: errorText(error) })
    }
  }
}

async function begin(services: Services, orchestrations: Orchestrations, registry: Registry): Promise<void> {
  const now = secondsNow(services)
  const { schedule } = registry.policy
  const due = schedule ? nextTime(schedule, registry.scheduledFrom) : undefined
  if (due !== undefined && due <= now) {
    // However many times were missed: one run makes up for all of them.
    await startRun(services, orchestrations, registry, { trigger: 'schedule', requestedBy: 'schedule', dryRun: false })
    return
  }
  const pointers = (await pointersOf(services, registry.id)).filter(({ value }) => isSettled(services, value, now))
  if (pointers.length > 0)
    await startRun(services, orchestrations, registry, { trigger: 'event', requestedBy: 'Event Grid', dryRun: false, pointers })
}

interface Findings {
  readonly run: Run | undefined
  readonly status: OrchestrationStatus
  /** Seconds since the run was written down. */
  readonly age: number
}

/** What is to be done about the run that a registry is claimed for. */
export function judgeRun({ run, status, age }: Findings): 'leave' | 'release' | 'start' | 'restart' | 'give-up' {
  if (!run || hasEnded(run)) return 'release'
  if (status === 'running') return 'leave'
  if (run.attempt >= MOST_ATTEMPTS) return 'give-up'
  if (status !== 'missing') return 'restart'
  if (age <= GRACE) return 'leave'
  return run.state === 'pending' && run.attempt === 1 ? 'start' : 'restart'
}

async function watchRun(services: Services, orchestrations: Orchestrations, registry: Registry, id: string): Promise<void> {
  const run = await findRun(services, id)
  const status = run && !hasEnded(run) ? await orchestrations.status(orchestrationOf(id, run.attempt)) : 'missing'
  const verdict = judgeRun({ run, status, age: secondsNow(services) - (run?.createdOn ?? 0) })
  if (verdict === 'leave') return
  if (verdict === 'release') return releaseRegistry(services, run ?? { id, registryId: registry.id, trigger: 'event' })
  if (!run) return
  services.log('retention-run-restarted', { run: id, attempt: run.attempt, found: verdict })
  if (verdict === 'start') return launchRun(services, orchestrations, run)
  if (verdict === 'give-up') return endRun(services, { run: id, attempt: run.attempt, problem: brokenDown })
  const attempt = run.attempt + 1
  let mine = false
  const next = await changeRun(services, id, (current) => {
    mine = current.attempt === run.attempt && !hasEnded(current)
    return mine ? { ...current, attempt, state: 'pending' } : undefined
  })
  if (mine && next) await launchRun(services, orchestrations, next)
}

const brokenDown = {
  code: 'stuck',
  message: 'The run broke down again and again.',
  remedy: 'Look for the run in the log of the app.',
  retryable: false,
} as const
