import { classify } from '../azure/classify.ts'
import { type CheckArgs, givenChecks } from '../clusters/steps/checks.ts'
import { stepsOf } from '../operations/plan.ts'
import { type Finding, findingOf } from './finding.ts'
import type { PreflightCheck } from './site.ts'

const looks = new Map(givenChecks.map(({ kind, look }) => [kind, look]))

/** What the user brings is there, and the container is empty: the plan's own checks, made before it begins. */
export const givenThings: PreflightCheck = {
  kind: 'preflight.given',
  check: 'given',
  feature: 'preflight',
  permissions: givenChecks.flatMap(({ permissions }) => permissions),
  dataPermissions: givenChecks.flatMap(({ dataPermissions = [] }) => dataPermissions),
  async look({ clients, plan }) {
    const found = await Promise.all(
      stepsOf(plan).map(async ({ kind, args }): Promise<readonly Finding[]> => {
        try {
          const seen = await looks.get(kind)?.(clients, (args as unknown as CheckArgs).id)
          return seen?.state === 'failed' ? [findingOf('given', 'error', seen.problem)] : []
        } catch (error) {
          // What may not be looked at hides nothing of what is seen beside it.
          const problem = classify(error)
          if (problem.code !== 'permission') throw error
          return [findingOf('given', 'unknown', problem)]
        }
      }),
    )
    return found.flat()
  },
}
