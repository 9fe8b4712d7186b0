import { type AgentStatus, agentStatusOf, heard, updateAgentStatus } from '../agents/agent-status.ts'
import { isOver } from '../agents/commands.ts'
import { type CloudNode, type Heartbeat, type HeartbeatAnswer, PROTOCOL_VERSION } from '../agents/heartbeat-wire.ts'
import { readable } from '../azure/classify.ts'
import { ProblemError } from '../problem.ts'
import type { Services } from '../services.ts'
import type { Cluster } from './cluster.ts'
import { findCluster, updateCluster } from './cluster-store.ts'
import { ADMIN, FIRST_PASSWORD, passwordOf } from './first-password.ts'
import { isHead, isWorker, type Node, type NodeRole } from './node.ts'

/** Hopsworks' own words (contract §7). */
const nodeTypes: Record<NodeRole, string> = {
  head: 'master',
  worker: 'worker',
  'rondb-management': 'ndb_mgm',
  'rondb-data': 'ndb_ndbd',
  'rondb-mysql': 'mysqld',
  'rondb-api': 'ndb_api',
  'rondb-all-in-one': 'rondb_all-in-one',
}

/** Takes in what an agent tells and answers what it is to know and do. Two reads; a write where something changed or seconds have passed. */
export async function answerHeartbeat(services: Services, clusterId: string, heartbeat: Heartbeat): Promise<HeartbeatAnswer> {
  const [cluster, before] = await Promise.all([findCluster(services, clusterId), agentStatusOf(services, clusterId)])
  // Its key can outlive the cluster for the seconds in which keys are remembered.
  if (!cluster || !before) throw new ProblemError({ code: 'forbidden', message: 'The cluster has been terminated.', retryable: false })
  const now = services.clock.now()
  const worthIt = heard(before, heartbeat, now) !== undefined
  const status = worthIt ? ((await updateAgentStatus(services, clusterId, (current) => heard(current, heartbeat, now))) ?? before) : before
  await showStage(services, cluster, heartbeat)
  return {
    version: PROTOCOL_VERSION,
    workers: cluster.nodes.filter(isToldOf).map((node) => cloudNode(cluster, node)),
    commands: await openCommands(services, clusterId, status),
    blockedUsers: [],
  }
}

/** Those who wait for a cluster read the agent's stage off its row. */
async function showStage(services: Services, cluster: Cluster, { agent }: Heartbeat): Promise<void> {
  const stage = readable(agent.stage)
  const isWaitedFor = (current: Cluster) => current.state === 'starting-hopsworks' && current.stage !== stage
  if (isWaitedFor(cluster))
    await updateCluster(services, cluster.id, (current) => (isWaitedFor(current) ? { ...current, stage } : undefined))
}

/** All but the head, and but for workers that are not there (yet). */
const isToldOf = (node: Node): boolean => !isHead(node) && !(isWorker(node) && node.privateIp === undefined)

function cloudNode({ state }: Cluster, { id, name, privateIp = '', instanceType, role }: Node): CloudNode {
  return { nodeId: id, host: name, ip: privateIp, instanceType, instanceState: state, nodeType: nodeTypes[role] }
}

/** Repeated in every answer until the agent has told how they ended. */
async function openCommands(services: Services, clusterId: string, { commands }: AgentStatus): Promise<HeartbeatAnswer['commands']> {
  const open = commands.filter((command) => !isOver(command))
  return Promise.all(
    open.map(async ({ id, type, members }) =>
      id === FIRST_PASSWORD.id ? { id, type, user: ADMIN, password: await passwordOf(services, clusterId) } : { ...members, id, type },
    ),
  )
}
