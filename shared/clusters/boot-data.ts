import { randomBytes } from 'node:crypto'
import type { AgentConfig } from '../agents/agent-config.ts'
import { agentKeyOf } from '../agents/agent-key.ts'
import { bootData } from '../agents/boot-data.ts'
import type { Services } from '../services.ts'
import { healthCommand } from '../upgrades/health-gate.ts'
import { versionOf } from '../versions/catalogue.ts'
import { type CatalogueEntry, installOf } from '../versions/entry.ts'
import type { Cluster } from './cluster.ts'
import { imageOf } from './cluster-image.ts'
import { isHead, type Node } from './node.ts'

/** How often an agent calls, in seconds (contract §7). */
const HEARTBEAT_SECONDS = 3

/** How a head comes by its version: from nothing, or over the data of the version before. */
export type Purpose = 'install' | 'upgrade'

/** What a node's machine is told at its first boot, as `osProfile.customData`. Only the head gets an agent. */
export async function bootDataFor(services: Services, cluster: Cluster, node: Node, purpose: Purpose = 'install'): Promise<string> {
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
    ...softwareOf(cluster, entry, purpose),
  }
  return bootData({ ...plain, agent: { config, files: services.agentFiles } })
}

/** An upgrade is to the agent an installation by another command: it runs once, reports its progress, and is over when the check succeeds. */
function softwareOf(
  cluster: Cluster,
  entry: CatalogueEntry,
  purpose: Purpose,
): Pick<AgentConfig, 'install' | 'commands' | 'load' | 'decommission'> {
  const checks = Object.entries(entry.health).map(([name, command]) => [healthCommand(name), command])
  return {
    install: purpose === 'upgrade' ? entry.upgrade : installOf(entry, imageOf(cluster, entry)),
    commands: { ...Object.fromEntries(checks), ...(entry.backup && backupCommands(entry.backup)) },
    ...(entry.load && { load: entry.load }),
    ...(entry.decommission && { decommission: entry.decommission }),
  }
}

const backupCommands = ({ prepare, finish, restore, remove }: NonNullable<CatalogueEntry['backup']>) => ({
  BACKUP: prepare,
  BACKUP_DONE: finish,
  RESTORE: restore,
  DELETE_BACKUP: remove,
})
