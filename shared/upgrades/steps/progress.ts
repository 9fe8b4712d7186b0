import type { ClusterState } from '../../clusters/cluster-state.ts'
import { updateCluster } from '../../clusters/cluster-store.ts'
import { enterState } from '../../clusters/steps/progress.ts'
import { done } from '../../operations/outcome.ts'
import type { StepKind } from '../../operations/step.ts'
import { adopted } from '../generation.ts'
import type { UpgradePhase } from '../upgrade.ts'

interface PhaseArgs {
  readonly phase: UpgradePhase
  readonly state: ClusterState
}

/** Written down before the first step that it stands for: what can be done about a failure is judged by it. */
export const enterPhase: StepKind<PhaseArgs> = {
  kind: 'upgrade.enter-phase',
  permissions: [],
  seconds: 0,
  describe: ({ phase }) => ({ title: `begin ${phase}`, touches: [] }),
  async begin(context, { phase, state }) {
    await updateCluster(context.services, context.subjectId, (cluster) =>
      cluster.upgrade && cluster.upgrade.phase !== phase && cluster.activeOperation?.id === context.operationId
        ? { ...cluster, upgrade: { ...cluster.upgrade, phase } }
        : undefined,
    )
    await enterState(context, state)
    return done()
  },
}

/** From here on the cluster's nodes are those of the next generation. */
export const adoptGeneration: StepKind<null> = {
  kind: 'upgrade.adopt',
  permissions: [],
  seconds: 0,
  describe: () => ({ title: 'make the new head the head of the cluster', touches: [] }),
  async begin({ services, subjectId: clusterId, operationId }) {
    await updateCluster(services, clusterId, (cluster) =>
      cluster.upgrade && cluster.activeOperation?.id === operationId ? adopted(cluster, cluster.upgrade) : undefined,
    )
    return done()
  },
}
