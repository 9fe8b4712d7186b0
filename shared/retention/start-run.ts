import { newOperationId } from '../operations/operation-id.ts'
import { secondsNow } from '../operations/operations.ts'
import type { Orchestrations } from '../operations/orchestrations.ts'
import { errorText } from '../operations/step-error.ts'
import { ProblemError } from '../problem.ts'
import type { Registry } from '../registries/registry.ts'
import { updateRegistry } from '../registries/registry-store.ts'
import type { Services } from '../services.ts'
import type { Stored } from '../storage/table.ts'
import { forgetPointers, type Pointer, pointersOf } from './pointers.ts'
import type { Run } from './run.ts'
import { runStore } from './store.ts'

/** Name of the orchestration. */
export const RETENTION_RUN = 'retention-run'

export interface RunRequest {
  readonly trigger: Run['trigger']
  readonly requestedBy: string
  readonly dryRun: boolean
  readonly brakeOff?: boolean
  /** What events told of; all that is known unless given. */
  readonly pointers?: readonly Stored<Pointer>[]
}

/** Writes a run down, claims the registry for it, and starts it. One at work on the registry already: ProblemError `conflict`. */
export async function startRun(services: Services, orchestrations: Orchestrations, registry: Registry, request: RunRequest): Promise<Run> {
  const { trigger, requestedBy, dryRun, brakeOff = false, pointers = await pointersOf(services, registry.id) } = request
  const { runs } = runStore(services.tables)
  const now = secondsNow(services)
  const run: Run = {
    id: newOperationId(registry.id, services.clock.now()),
    registryId: registry.id,
    trigger,
    requestedBy,
    dryRun,
    brakeOff,
    state: 'pending',
    attempt: 1,
    policy: registry.policy,
    createdOn: now,
    ...(pointers.length > 0 && { events: pointers.map(({ value: { repository, eventOn } }) => ({ repository, eventOn })) }),
  }
  await runs.insert(registry.id, run.id, run)
  const claimed = await updateRegistry(services, registry.id, (current) => {
    if (current.activeRun !== undefined || current.retiredOn !== undefined) return undefined
    return { ...current, activeRun: run.id, ...(trigger === 'schedule' && { scheduledFrom: now }) }
  })
  if (claimed?.activeRun !== run.id) {
    await runs.remove(registry.id, run.id)
    throw refused(claimed)
  }
  await launchRun(services, orchestrations, run)
  // It looks at their repositories, whatever started it; a dry run leaves them to one that does what it finds.
  if (!dryRun) await forgetPointers(services, pointers)
  return run
}

function refused(registry: Registry | undefined): ProblemError {
  if (!registry) return new ProblemError({ code: 'not-found', message: 'There is no such registry.', retryable: false })
  if (registry.retiredOn !== undefined)
    return new ProblemError({
      code: 'conflict',
      message: 'The registry is no more in Azure.',
      remedy: 'DELETE /api/registries/{id} forgets it; PATCH it with "retired": false if it is back.',
      retryable: false,
    })
  return new ProblemError({
    code: 'conflict',
    message: 'A run is at work on the registry already.',
    remedy: `Wait for it: GET /api/registries/${registry.id}/runs/${registry.activeRun}`,
    retryable: true,
  })
}

/** A start that fails is left to the watchdog: the registry is claimed. */
export async function launchRun(
  services: Services,
  orchestrations: Orchestrations,
  { id, attempt, trigger, registryId }: Run,
): Promise<void> {
  try {
    await orchestrations.start(RETENTION_RUN, orchestrationOf(id, attempt), { run: id, attempt })
    services.log('retention-run-started', { run: id, trigger, attempt })
  } catch (error) {
    services.log('retention-run-not-started', { registry: registryId, error: errorText(error) })
  }
}

export const orchestrationOf = (run: string, attempt: number): string => (attempt === 1 ? run : `${run}:${attempt}`)
