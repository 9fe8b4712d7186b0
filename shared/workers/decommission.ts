import type { AgentStatus } from '../agents/agent-status.ts'
import { dropCommands, giveCommands, isOver, type NewCommand } from '../agents/commands.ts'
import type { Cluster } from '../clusters/cluster.ts'
import { getCluster, updateCluster } from '../clusters/cluster-store.ts'
import type { Node } from '../clusters/node.ts'
import type { StepContext } from '../operations/context.ts'
import { done, type Look, pending } from '../operations/outcome.ts'
import type { StepKind } from '../operations/step.ts'
import type { Choice } from './choice.ts'

/** How long what runs on a worker may take to move on, in seconds of real Azure; then its machine goes all the same. */
const GRACE = 1800

/** Seconds of real Azure between two looks; a look is a read of our own storage. */
const LOOK_EVERY = 5

/** The agent takes workers out of service; those that are out, or whose time is up, are marked as leaving. */
export const decommissionWorkers: StepKind<Choice> = {
  kind: 'workers.decommission',
  permissions: [],
  // Twenty times as much is the executor's limit, which must lie beyond the grace.
  seconds: 120,
  describe: ({ count, candidates }) => ({ title: `take ${count} of ${candidates.join(', ')} out of service`, touches: [] }),
  begin: look,
}

async function look(context: StepContext, choice: Choice): Promise<Look> {
  const { services, subjectId: clusterId, begunAt } = context
  const cluster = await getCluster(services, clusterId)
  const candidates = cluster.nodes.filter(({ name }) => choice.candidates.includes(name))
  const commands = commandsFor(context, choice, candidates)
  const ids = new Set(commands.map(({ id }) => id))
  if (candidates.filter((node) => node.leaving).length < choice.count) {
    const status = await giveCommands(services, clusterId, commands)
    const open = status?.commands.filter((command) => ids.has(command.id) && !isOver(command)) ?? []
    const isOverdue = services.clock.now() - begunAt >= (1000 * GRACE) / services.settings.clockSpeed
    if (open.length > 0 && !isOverdue)
      return pending({ retryAfter: LOOK_EVERY / services.settings.clockSpeed, note: 'Waiting until nothing runs on the workers.' })
    await markLeaving(context, choice, status)
  }
  await dropCommands(services, clusterId, ids)
  return done()
}

/** Who is not there needs no leave. */
function commandsFor({ operationId }: StepContext, { named, free }: Choice, candidates: readonly Node[]): readonly NewCommand[] {
  const present = candidates.filter((node) => named.includes(node.name) && node.privateIp !== undefined)
  const each = present.map(({ id, name }) => ({
    id: `${operationId}:${id}`,
    type: 'DECOMMISSION_NODE',
    members: { nodeId: id, host: name },
  }))
  if (Object.keys(free).length === 0) return each
  return [...each, { id: `${operationId}:remove`, type: 'REMOVE_NODES', members: { nodesToRemove: free } }]
}

const markLeaving = ({ services, subjectId: clusterId, operationId }: StepContext, choice: Choice, status: AgentStatus | undefined) =>
  updateCluster(services, clusterId, (cluster) => {
    if (cluster.activeOperation?.id !== operationId) return undefined
    const leaving = leavingNodes(cluster, choice, new Set(status?.decommissioned.map(({ nodeId }) => nodeId)))
    return { ...cluster, nodes: cluster.nodes.map((node) => (leaving.has(node.id) ? { ...node, leaving: true as const } : node)) }
  })

/** The agent's choice as far as it has made one, and the newest where it has not. */
function leavingNodes({ nodes }: Cluster, { named, free, candidates }: Choice, decommissioned: ReadonlySet<string>): ReadonlySet<string> {
  const leaving = nodes.filter(({ name }) => named.includes(name)).map(({ id }) => id)
  for (const [size, count] of Object.entries(free)) {
    const fitting = nodes.filter((node) => candidates.includes(node.name) && !named.includes(node.name) && node.instanceType === size)
    const isOut = ({ id }: Node) => decommissioned.has(id)
    const newestFirst = fitting.filter((node) => !isOut(node)).reverse()
    leaving.push(...[...fitting.filter(isOut), ...newestFirst].slice(0, count).map(({ id }) => id))
  }
  return new Set(leaving)
}
