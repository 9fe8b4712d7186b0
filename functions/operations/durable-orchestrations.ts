import { type DurableClient, OrchestrationRuntimeStatus } from 'durable-functions'
import type { OrchestrationStatus, Orchestrations } from '../../shared/operations/orchestrations.ts'

const statuses: Record<OrchestrationRuntimeStatus, OrchestrationStatus> = {
  [OrchestrationRuntimeStatus.Pending]: 'running',
  [OrchestrationRuntimeStatus.Running]: 'running',
  [OrchestrationRuntimeStatus.ContinuedAsNew]: 'running',
  [OrchestrationRuntimeStatus.Suspended]: 'running',
  [OrchestrationRuntimeStatus.Completed]: 'completed',
  [OrchestrationRuntimeStatus.Failed]: 'failed',
  [OrchestrationRuntimeStatus.Canceled]: 'terminated',
  [OrchestrationRuntimeStatus.Terminated]: 'terminated',
}

const settled = [OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated]

/** The orchestrations through the durable client of one invocation. */
export function durableOrchestrations(client: DurableClient): Orchestrations {
  async function status(id: string): Promise<OrchestrationStatus> {
    try {
      return statuses[(await client.getStatus(id, { showInput: false })).runtimeStatus]
    } catch (error) {
      if (isMissing(error)) return 'missing'
      throw error
    }
  }

  return {
    status,
    async start(name, id, input) {
      try {
        await client.startNew(name, { instanceId: id, input })
      } catch (error) {
        if ((await status(id)) !== 'running') throw error
      }
    },
    async purge(before) {
      await client.purgeInstanceHistoryBy({ createdTimeFrom: new Date(0), createdTimeTo: before, runtimeStatus: settled })
    },
  }
}

/** The client throws a plain error whose text alone says 404. */
const isMissing = (error: unknown): boolean => error instanceof Error && error.message.includes('HTTP 404')
