import { subjectIdOf as registryIdOf } from '../operations/operation-id.ts'
import { ProblemError } from '../problem.ts'
import type { Services } from '../services.ts'
import { update } from '../storage/update.ts'
import type { Run } from './run.ts'
import { runStore } from './store.ts'

type World = Pick<Services, 'tables'>

/** Undefined: there is none (any more). */
export async function findRun(services: World, id: string): Promise<Run | undefined> {
  const registryId = registryIdOf(id)
  return registryId === undefined ? undefined : (await runStore(services.tables).runs.get(registryId, id))?.value
}

/** As `findRun`; none, or of another registry: ProblemError `not-found`. */
export async function getRun(services: World, registryId: string, id: string): Promise<Run> {
  const run = await findRun(services, id)
  if (run?.registryId === registryId) return run
  throw new ProblemError({ code: 'not-found', message: 'There is no such run.', retryable: false })
}

export async function changeRun(services: World, id: string, change: (run: Run) => Run | undefined): Promise<Run | undefined> {
  return (await update(runStore(services.tables).runs, registryIdOf(id) ?? '', id, change))?.value
}
