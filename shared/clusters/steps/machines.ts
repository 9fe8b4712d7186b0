import { nameOf } from '../../azure/arm-id.ts'
import { azureStep } from '../../azure/azure-step.ts'
import type { AzureClients } from '../../azure/clients.ts'
import { deallocateMachine, type PowerState, powerOf, restartMachine, startMachine, virtualMachine } from '../../azure/virtual-machine.ts'
import type { StepContext } from '../../operations/context.ts'
import { done, failed, type Look, pending } from '../../operations/outcome.ts'
import type { StepKind } from '../../operations/step.ts'
import { ProblemError } from '../../problem.ts'
import { versionOf } from '../../versions/catalogue.ts'
import { bootDataFor } from '../boot-data.ts'
import { imageOf } from '../cluster-image.ts'
import { machineModel, withDataDisk } from '../machine-model.ts'
import { nodeResources, tagsOf } from '../resources.ts'
import { creation } from './creation.ts'
import { removal } from './removal.ts'
import { orOnDemand } from './spot.ts'
import { worldOf } from './world.ts'

/** The node's name alone: the machine's boot data holds a key and must not stand in a plan. */
export interface MachineArgs {
  readonly id: string
  readonly node: string
  readonly disks: readonly string[]
  /** ARM id of a data disk that is there already, with what it holds. */
  readonly dataDisk?: string
}

async function look(context: StepContext, { id, node: name, disks, dataDisk }: MachineArgs, again: boolean): Promise<Look> {
  const { services, operationId } = context
  const world = await worldOf(context)
  const { cluster, clients } = world
  const node = cluster.nodes.find((known) => known.name === name)
  if (!node) throw new ProblemError({ code: 'invalid', message: `The cluster has no node ${name} any more.`, retryable: false })
  const put = async () => {
    const image = imageOf(cluster, await versionOf(services, cluster.request.version))
    const model = machineModel(cluster, node, nodeResources(cluster, node), image, await bootDataFor(services, cluster, node))
    const onData = dataDisk === undefined ? model : withDataDisk(model, dataDisk)
    return virtualMachine.put(clients, id, onData, tagsOf(cluster, operationId, services.settings.tablePrefix))
  }
  return orOnDemand(context, world, node, { id, disks }, () =>
    creation(context, world, { kind: virtualMachine, id, put, with: disks }, again),
  )
}

export const createMachine: StepKind<MachineArgs> = azureStep({
  kind: 'virtual-machine.create',
  permissions: virtualMachine.permissions.create,
  seconds: virtualMachine.seconds.create,
  describe: ({ id, disks }) => ({ title: `create virtual machine ${nameOf(id)}`, touches: [id, ...disks] }),
  begin: (context, args) => look(context, args, true),
  check: (context, args) => look(context, args, false),
  async undo(context, { id, disks }) {
    const { clients } = await worldOf(context)
    const machine = await removal(context, clients, [id])
    // A disk that is attached cannot be removed.
    return machine.state === 'done' ? removal(context, clients, disks) : machine
  },
})

export interface PowerArgs {
  readonly id: string
}

export const gone = (id: string): Look =>
  failed({
    code: 'not-found',
    message: `The virtual machine ${nameOf(id)} is not there any more.`,
    remedy: 'Somebody removed it outside Slipway. Terminate the cluster and create it again.',
    resource: id,
    retryable: false,
  })

interface PowerChange {
  readonly kind: string
  readonly verb: string
  /** Last part of the Azure action. */
  readonly action: string
  readonly seconds: number
  readonly wanted: PowerState
  readonly ask: (clients: AzureClients, id: string) => Promise<void>
}

/** Brings a machine to a power state, unless it is there or on its way already. */
const powerStep = ({ kind, verb, action, seconds, wanted, ask }: PowerChange): StepKind<PowerArgs> =>
  azureStep({
    kind,
    permissions: ['Microsoft.Compute/virtualMachines/read', `Microsoft.Compute/virtualMachines/${action}/action`],
    seconds,
    describe: ({ id }) => ({ title: `${verb} virtual machine ${nameOf(id)}`, touches: [id] }),
    async begin(context, { id }) {
      const { clients } = await worldOf(context)
      const machine = await powerOf(clients, id)
      if (!machine) return gone(id)
      if (machine.power === wanted && !machine.busy) return done()
      if (!machine.busy) await ask(clients, id)
      return pending({ note: `The machine is ${machine.power}.` })
    },
  })

export const startVirtualMachine = powerStep({
  kind: 'virtual-machine.start',
  verb: 'start',
  action: 'start',
  seconds: 30,
  wanted: 'running',
  ask: startMachine,
})

export const deallocateVirtualMachine = powerStep({
  kind: 'virtual-machine.deallocate',
  verb: 'stop',
  action: 'deallocate',
  seconds: 40,
  wanted: 'deallocated',
  ask: deallocateMachine,
})

/** A second restart does no harm: that its machine has been asked cannot be seen. */
export const restartVirtualMachine: StepKind<PowerArgs> = azureStep({
  kind: 'virtual-machine.restart',
  permissions: ['Microsoft.Compute/virtualMachines/read', 'Microsoft.Compute/virtualMachines/restart/action'],
  seconds: 30,
  describe: ({ id }) => ({ title: `restart virtual machine ${nameOf(id)}`, touches: [id] }),
  async begin(context, { id }) {
    await restartMachine((await worldOf(context)).clients, id)
    return pending()
  },
  async check(context, { id }) {
    const machine = await powerOf((await worldOf(context)).clients, id)
    if (!machine) return gone(id)
    return machine.power === 'running' && !machine.busy ? done() : pending({ note: `The machine is ${machine.power}.` })
  },
})
