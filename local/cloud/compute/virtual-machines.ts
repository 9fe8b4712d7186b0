import { parseBody } from '../arm/request-body.ts'
import type { Azure } from '../azure.ts'
import { discard, switchOff } from '../machines/machine.ts'
import type { Call, ResourceType, RunningOperation } from '../provider.ts'
import type { Resource } from '../resource.ts'
import { COMPUTE_VERSIONS } from './api-versions.ts'
import { conflict, operationNotAllowed } from './errors.ts'
import { objectsAt, textAt } from './read-json.ts'
import { vmActions } from './vm-actions.ts'
import { vmBody } from './vm-body.ts'
import { assertAllocated, machineLinks } from './vm-checks.ts'
import { createMachine } from './vm-create.ts'
import { letDisksGo } from './vm-disks.ts'
import { powered, powerOf } from './vm-power.ts'
import { updateMachine } from './vm-update.ts'
import { machineView } from './vm-view.ts'

export const virtualMachines: ResourceType = {
  type: 'virtualMachines',
  apiVersions: COMPUTE_VERSIONS,
  tracked: true,
  namePattern: /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9_])?$/,
  links: machineLinks,
  write: (call, existing) => (existing ? updateMachine(call, existing) : createMachine(call, parseBody(vmBody, call))),
  patch: updateMachine,
  finishWrite(azure, machine, input) {
    assertAllocated(input, machine.envelope.zones !== undefined)
    return powerOf(machine) === undefined || input.reboot ? powered(azure, machine, 'running') : machine
  },
  remove({ azure }, machine) {
    switchOff(azure, vmIdOf(machine))
    return { takes: 'virtualMachine.delete' }
  },
  finishRemove: letGo,
  actions: vmActions,
  view: machineView,
  busy,
}

/** Disks and NICs go or stay as their deleteOption says; what is on the machine is lost. */
function letGo(azure: Azure, machine: Resource): void {
  discard(azure, vmIdOf(machine))
  letDisksGo(azure, machine)
  for (const nic of objectsAt(machine.properties, 'networkProfile', 'networkInterfaces')) {
    if (textAt(nic, 'properties', 'deleteOption') === 'Delete') azure.resources.delete(textAt(nic, 'id') ?? '')
  }
}

/** A machine can be deleted whatever else goes on; nothing else can be done to one that is being deleted. */
function busy({ method, id }: Call, running: readonly RunningOperation[]): void {
  if (method === 'DELETE') return
  if (running.some((operation) => operation.verb === 'remove')) {
    throw operationNotAllowed(
      `Operation is not allowed on VM '${id.name}' since the VM is marked for deletion. You can only retry the Delete operation (or wait for an ongoing one to complete).`,
    )
  }
  throw conflict(
    'The request failed due to conflict with a concurrent request. To resolve it, please refer to https://aka.ms/activitylog to get more details on the conflicting requests.',
  )
}

function vmIdOf(machine: Resource): string {
  return textAt(machine.properties, 'vmId') ?? ''
}
