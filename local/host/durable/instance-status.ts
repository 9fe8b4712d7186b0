import { historyView } from './history-view.ts'
import type { Instance } from './instance.ts'

export interface StatusOptions {
  readonly showInput: boolean
  readonly showHistory: boolean
  readonly showHistoryOutput: boolean
}

/** An instance as the HTTP API shows it. Input and output are always there: durable-functions throws where they are not. */
export function instanceStatus(instance: Instance, { showInput, showHistory, showHistoryOutput }: StatusOptions) {
  const { name, instanceId, status, customStatus } = instance
  return {
    name,
    instanceId,
    runtimeStatus: status,
    input: showInput ? JSON.parse(instance.input) : null,
    customStatus,
    output: instance.output === null ? null : JSON.parse(instance.output),
    createdTime: wholeSeconds(instance.createdTime),
    lastUpdatedTime: wholeSeconds(instance.lastUpdatedTime),
    ...(showHistory && { historyEvents: historyView(instance.history, showHistoryOutput) }),
  }
}

const wholeSeconds = (time: number) => `${new Date(time).toISOString().slice(0, -'.000Z'.length)}Z`
