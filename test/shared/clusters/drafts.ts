import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Cluster } from '../../../shared/clusters/cluster.ts'
import { type AzureCluster, createRequestSchema } from '../../../shared/clusters/create-request.ts'
import { newCluster } from '../../../shared/clusters/new-cluster.ts'

/** The create request of the README, as it is sent; `changes` replace fields of the cluster. */
export function sentRequest(changes: Readonly<Record<string, unknown>> = {}) {
  const request = JSON.parse(readFileSync(path.resolve(__dirname, '../../../docs/examples/create-cluster.json'), 'utf8'))
  return { ...request, cluster: { ...request.cluster, ...changes } }
}

export const readRequest = (changes?: Readonly<Record<string, unknown>>): AzureCluster =>
  createRequestSchema.parse(sentRequest(changes)).cluster

/** The cluster that such a request means. */
export function draftedCluster(changes?: Readonly<Record<string, unknown>>): Cluster {
  let nodes = 0
  return newCluster(readRequest(changes), {
    id: '01932c5e-0000-7000-8000-0123456789ab',
    accountId: 'default',
    subscriptionId: 's',
    now: Date.UTC(2026, 0, 1),
    newNodeId: () => `node-${nodes++}`,
  })
}
