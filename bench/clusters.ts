import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Bench } from './bench.ts'
import { until } from './wait.ts'
import type { World } from './world.ts'

interface CreateRequest {
  readonly cluster: {
    readonly name: string
    readonly blobContainerName: string
    readonly clusterConfiguration: { readonly workers: readonly object[] }
  }
}

/** The README's request, with so many workers beside the head and the RonDB node. */
export function createRequest({ root }: Bench, name: string, workers = 2): CreateRequest {
  const request: CreateRequest = JSON.parse(readFileSync(path.join(root, 'docs/examples/create-cluster.json'), 'utf8'))
  const { clusterConfiguration } = request.cluster
  const [worker] = clusterConfiguration.workers
  const configuration = { ...clusterConfiguration, workers: [{ ...worker, count: workers }] }
  // Without a name the container is one of the cluster's own.
  return { ...request, cluster: { ...request.cluster, name, blobContainerName: '', clusterConfiguration: configuration } }
}

export interface Creation {
  /** Of the cluster. */
  readonly id: string
  readonly operation: string
}

export const askForCluster = (bench: Bench, world: World, name: string, workers?: number): Promise<Creation> =>
  world.ask('POST', 'clusters', createRequest(bench, name, workers))

/** Looks every 25 ms; throws as soon as the cluster has failed. */
export async function untilRunning(world: World, id: string, seconds: number): Promise<void> {
  const ask = async () => {
    const { cluster } = await world.ask<{ cluster: { state: string; errorMessage?: string } }>('GET', `clusters/${id}`)
    if (cluster.state === 'error') throw new Error(`the cluster failed: ${cluster.errorMessage}`)
    return cluster.state === 'running' ? true : undefined
  }
  await until(`cluster ${id} running`, ask, { everyMs: 25, seconds })
}
