import { getCluster } from '../../../clusters/cluster-store.ts'
import { done, failed } from '../../../operations/outcome.ts'
import type { StepKind } from '../../../operations/step.ts'
import { containerInUse, sharingContainer } from '../container-use.ts'

/** Two restores that begin at once cannot see each other before both have written their clusters down. */
export const checkContainerFree: StepKind<null> = {
  kind: 'restore.check-container-free',
  permissions: [],
  seconds: 0,
  describe: () => ({ title: 'check that no other cluster uses the container', touches: [] }),
  async begin({ services, subjectId }) {
    const cluster = await getCluster(services, subjectId)
    const other = await sharingContainer(services, cluster)
    return other ? failed(containerInUse(cluster, other)) : done()
  },
}
