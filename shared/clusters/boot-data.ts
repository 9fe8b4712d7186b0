import { randomBytes } from 'node:crypto'
import { agentKeyOf } from '../agents/agent-key.ts'
import { bootData } from '../agents/boot-data.ts'
import type { Services } from '../services.ts'
import { versionOf } from '../versions/catalogue.ts'
import { installOf } from '../versions/entry.ts'
import type { Cluster } from './cluster.ts'
import { imageOf } from './cluster-image.ts'
import { isHead, type Node } from './node.ts'

/** How often an agent calls, in seconds (contract §7). */
const HEARTBEAT_SECONDS = 3

/** What a node's machine is told at its first boot, as `osProfile.customData`. Only the head gets an agent. */
export async function bootDataFor(services: Services, cluster: Cluster, node: Node): Promise<string> {
  const { request } = cluster
  const plain = { initScript: request.initScript, runInitScriptFirst: request.runInitScriptFirst, dataDisk: node.diskSize > 0 }
  if (!isHead(node)) return bootData(plain)
  const identity = { clusterId: cluster.id, nodeId: node.id }
  const entry = await versionOf(services, request.version)
  const config = {
    api: `${services.settings.apiUrl}/api`,
    key: await agentKeyOf(services, identity, () => randomBytes(32).toString('base64url')),
    ...identity,
    nodeName: node.name,
    version: request.version,
    heartbeatSeconds: HEARTBEAT_SECONDS,
    install: installOf(entry, imageOf(cluster, entry)),
  }
  return bootData({ ...plain, agent: { config, files: services.agentFiles } })
}
