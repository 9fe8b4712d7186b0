import type { AnyStepKind } from '../operations/kinds.ts'
import { done } from '../operations/outcome.ts'
import type { StepKind } from '../operations/step.ts'
import { watch } from './watch-list.ts'

/** From now on the number of workers follows the load. */
export const watchLoad: StepKind<null> = {
  kind: 'cluster.autoscale',
  permissions: [],
  seconds: 0,
  describe: () => ({ title: 'let the workers scale with the load', touches: [] }),
  async begin({ services, subjectId: clusterId }) {
    await watch(services, clusterId)
    return done()
  },
}

export const autoscaleSteps: readonly AnyStepKind[] = [watchLoad]
