import type { Latency } from '../latencies.ts'
import type { Acted, Action } from '../provider.ts'
import type { JsonObject, Resource } from '../resource.ts'
import { operationNotAllowed } from './errors.ts'
import { isSpot } from './quotas.ts'
import { textAt } from './read-json.ts'
import { sizeView } from './sku-views.ts'
import { allocationInput, assertAllocated } from './vm-checks.ts'
import { type Power, powered, powerOf } from './vm-power.ts'
import { VM_SIZES, vmSize } from './vm-sizes.ts'
import { instanceView } from './vm-view.ts'

interface Transition {
  meanwhile: Power
  after: Power
  takes: Latency
}

/** What can be done to a machine besides writing and removing it. */
export const vmActions: Readonly<Record<string, Action>> = {
  start: powerAction({ meanwhile: 'starting', after: 'running', takes: 'virtualMachine.start' }),
  powerOff: powerAction({ meanwhile: 'stopping', after: 'stopped', takes: 'virtualMachine.powerOff' }),
  deallocate: powerAction({ meanwhile: 'deallocating', after: 'deallocated', takes: 'virtualMachine.deallocate' }),
  restart: {
    run(_call, machine) {
      if (powerOf(machine) === 'running') return { takes: 'virtualMachine.restart' }
      throw operationNotAllowed(`Cannot restart VM '${machine.name}' since it is not running. Start the VM instead.`)
    },
    finish: (azure, machine) => void azure.resources.put(powered(azure, machine, 'running')),
  },
  instanceView: { method: 'GET', run: (_call, machine) => ({ body: instanceView(machine) }) },
  vmSizes: { method: 'GET', run: (_call, machine) => ({ body: { value: sizesFor(machine) } }) },
  simulateEviction: {
    run({ azure }, machine): Acted {
      if (!isSpot(textAt(machine.properties, 'priority')))
        throw operationNotAllowed(`VM '${machine.name}' is not an Azure Spot Virtual Machine.`)
      azure.resources.put(powered(azure, machine, 'deallocated'))
      return { status: 204 }
    },
  },
}

/** Starting what runs and stopping what is stopped is accepted and changes nothing, as in Azure. */
function powerAction({ meanwhile, after, takes }: Transition): Action {
  return {
    run(call, machine) {
      const before = powerOf(machine)
      if (before === after) return { takes, input: { idle: true } }
      call.azure.resources.put(powered(call.azure, machine, meanwhile))
      return { takes, input: { before, ...(before === 'deallocated' && allocationInput(call)) } }
    },
    finish(azure, machine, input) {
      assertAllocated(input, machine.envelope.zones !== undefined)
      if (!input.idle) azure.resources.put(powered(azure, machine, after))
      return undefined
    },
    failed(azure, machine, { before }) {
      if (typeof before === 'string') azure.resources.put(powered(azure, machine, before as Power))
    },
  }
}

/** Sizes that the machine could be given where it is. */
function sizesFor(machine: Resource): JsonObject[] {
  const family = vmSize(textAt(machine.properties, 'hardwareProfile', 'vmSize') ?? '')?.family
  return VM_SIZES.filter((size) => powerOf(machine) === 'deallocated' || size.family === family).map(sizeView)
}
