import { nameOf } from '../../azure/arm-id.ts'
import { azureStep } from '../../azure/azure-step.ts'
import { powerOf, resizeMachine } from '../../azure/virtual-machine.ts'
import type { StepContext } from '../../operations/context.ts'
import { done, failed, type Look, pending } from '../../operations/outcome.ts'
import type { StepKind } from '../../operations/step.ts'
import { gone } from './machines.ts'
import { noteSubmission, reasonOf } from './submissions.ts'
import { worldOf } from './world.ts'

interface ResizeArgs {
  readonly id: string
  /** e.g. `Standard_D16_v3` */
  readonly size: string
}

async function look(context: StepContext, { id, size }: ResizeArgs, again: boolean): Promise<Look> {
  const { clients } = await worldOf(context)
  const machine = await powerOf(clients, id)
  if (!machine) return gone(id)
  if (machine.busy) return pending({ note: `The machine is ${machine.power}.` })
  if (machine.size.toLowerCase() === size.toLowerCase() && !machine.failed) return done()
  if (!again) return failed((await reasonOf(context, clients, id)) ?? notResized(id, size))
  await noteSubmission(context, id, await resizeMachine(clients, id, size))
  return pending()
}

/** Gives a deallocated machine another size. */
export const resizeVirtualMachine: StepKind<ResizeArgs> = azureStep({
  kind: 'virtual-machine.resize',
  permissions: ['Microsoft.Compute/virtualMachines/read', 'Microsoft.Compute/virtualMachines/write'],
  seconds: 10,
  describe: ({ id, size }) => ({ title: `resize virtual machine ${nameOf(id)} to ${size}`, touches: [id] }),
  begin: (context, args) => look(context, args, true),
  check: (context, args) => look(context, args, false),
})

const notResized = (id: string, size: string) =>
  ({
    code: 'unknown',
    message: `Azure did not resize the virtual machine ${nameOf(id)} to ${size}.`,
    remedy: `Retry, or choose another size: az vm list-vm-resize-options --ids ${id} --output table`,
    resource: id,
    retryable: false,
  }) as const
