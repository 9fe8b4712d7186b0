import type { VirtualMachine } from '@azure/arm-compute'
import { nameOf } from '../../azure/arm-id.ts'
import { azureStep } from '../../azure/azure-step.ts'
import { virtualMachine } from '../../azure/virtual-machine.ts'
import { bootDataFor } from '../../clusters/boot-data.ts'
import { imageOf } from '../../clusters/cluster-image.ts'
import { machineModel, withDataDisk } from '../../clusters/machine-model.ts'
import { isHead, type Node } from '../../clusters/node.ts'
import { nodeResources, tagsOf } from '../../clusters/resources.ts'
import { creation } from '../../clusters/steps/creation.ts'
import { removal } from '../../clusters/steps/removal.ts'
import { type World, worldOf } from '../../clusters/steps/world.ts'
import type { StepContext } from '../../operations/context.ts'
import type { Look } from '../../operations/outcome.ts'
import type { StepKind } from '../../operations/step.ts'
import { ProblemError } from '../../problem.ts'
import { versionOf } from '../../versions/catalogue.ts'
import { adopted } from '../generation.ts'

interface HeadArgs {
  readonly id: string
  readonly osDisk: string
}

/** The head as the upgrade will leave it; ProblemError where the upgrade is gone: another operation has taken over. */
function nextHead({ cluster }: World): Node {
  const head = cluster.upgrade && adopted(cluster, cluster.upgrade).nodes.find(isHead)
  if (head) return head
  throw new ProblemError({ code: 'invalid', message: 'The cluster is not being upgraded any more.', retryable: false })
}

/** The data is a disk that there is, and neither it nor the interface goes when the machine does: both may have to serve another generation. */
function onExistingParts(model: VirtualMachine, networkInterface: string, dataDisk: string | undefined): VirtualMachine {
  return {
    ...(dataDisk ? withDataDisk(model, dataDisk) : model),
    networkProfile: { networkInterfaces: [{ id: networkInterface, primary: true, deleteOption: 'Detach' }] },
  }
}

async function look(context: StepContext, { id, osDisk }: HeadArgs, again: boolean): Promise<Look> {
  const { services, operationId } = context
  const world = await worldOf(context)
  const { cluster, clients } = world
  const put = async () => {
    const head = nextHead(world)
    const resources = nodeResources(cluster, head)
    const image = imageOf(cluster, await versionOf(services, cluster.request.version))
    const model = machineModel(cluster, head, resources, image, await bootDataFor(services, cluster, head, 'upgrade'))
    const onParts = onExistingParts(model, resources.networkInterface, resources.dataDisk)
    return virtualMachine.put(clients, id, onParts, tagsOf(cluster, operationId, services.settings.tablePrefix))
  }
  return creation(context, world, { kind: virtualMachine, id, put, with: [osDisk] }, again)
}

/** The head of the next generation, from the new version's image, with a copy of the data. */
export const createNextHead: StepKind<HeadArgs> = azureStep({
  kind: 'upgrade.create-head',
  permissions: virtualMachine.permissions.create,
  seconds: virtualMachine.seconds.create,
  describe: ({ id, osDisk }) => ({ title: `create virtual machine ${nameOf(id)} from the new image`, touches: [id, osDisk] }),
  begin: (context, args) => look(context, args, true),
  check: (context, args) => look(context, args, false),
  async undo(context, { id, osDisk }) {
    const { clients } = await worldOf(context)
    const machine = await removal(context, clients, [id], [osDisk])
    return machine.state === 'done' ? removal(context, clients, [osDisk]) : machine
  },
})
