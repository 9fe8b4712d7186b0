import { classify } from '../../azure/classify.ts'
import { isSpotMachine } from '../../azure/virtual-machine.ts'
import type { StepContext } from '../../operations/context.ts'
import { failed, type Look, pending } from '../../operations/outcome.ts'
import { updateCluster } from '../cluster-store.ts'
import type { Node } from '../node.ts'
import { removal } from './removal.ts'
import type { World } from './world.ts'

interface Machine {
  readonly id: string
  readonly disks: readonly string[]
}

/** Makes a machine on demand where Azure has no room for a spot machine, if that was allowed. `attempt`: one look at the machine as it is to be now. */
export async function orOnDemand(
  context: StepContext,
  { cluster, clients }: World,
  node: Node,
  { id, disks }: Machine,
  attempt: () => Promise<Look>,
): Promise<Look> {
  if (!node.spot?.fallBackOnDemand) return attempt()
  const instead = pending({ note: 'Azure has no room for a spot machine: one on demand takes its place.' })
  if (node.onDemand) {
    // Azure never turns one into the other.
    if (!(await isSpotMachine(clients, id))) return attempt()
    await removal(context, clients, [id], disks)
    return instead
  }
  const look = await attempt().catch(unlessNoRoom)
  if (look.state !== 'failed' || !isNoRoom(look)) return look
  await updateCluster(context.services, cluster.id, (current) => ({
    ...current,
    nodes: current.nodes.map((known) => (known.id === node.id ? { ...known, onDemand: true as const } : known)),
  }))
  return instead
}

const isNoRoom = ({ problem }: Extract<Look, { state: 'failed' }>): boolean => problem.code === 'capacity' || problem.code === 'quota'

/** Azure says so in the answer to the request, or later in the machine's state. */
function unlessNoRoom(error: unknown): Look {
  const { code } = classify(error)
  if (code === 'capacity' || code === 'quota') return failed(classify(error))
  throw error
}
