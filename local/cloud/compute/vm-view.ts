import { defaultView } from '../arm/view.ts'
import type { Azure } from '../azure.ts'
import type { JsonObject, Resource } from '../resource.ts'
import { objectAt, textAt } from './read-json.ts'
import { disksOf } from './vm-disks.ts'
import { powerOf } from './vm-power.ts'

/** A machine as GET answers it; with `$expand=instanceView` what it is doing too. Custom data and passwords were never stored here. */
export function machineView(_azure: Azure, machine: Resource, query: URLSearchParams): JsonObject {
  const body = defaultView(machine)
  const expanded = query.get('$expand')?.toLowerCase().includes('instanceview')
  if (!expanded) return body
  return { ...body, properties: { ...objectAt(body, 'properties'), instanceView: instanceView(machine) } }
}

/** `instanceView` of a machine: provisioning and power state, agent, disks. */
export function instanceView(machine: Resource): JsonObject {
  const power = powerOf(machine)
  const time = new Date(machine.changedAt).toISOString()
  const state = machine.provisioningState.toLowerCase()
  const provisioning = {
    code: `ProvisioningState/${state}`,
    level: machine.provisioningState === 'Failed' ? 'Error' : 'Info',
    displayStatus: state === 'succeeded' || state === 'failed' ? `Provisioning ${state}` : machine.provisioningState,
    time,
  }
  const running = power === 'running'
  return {
    ...(running && {
      computerName: textAt(machine.properties, 'osProfile', 'computerName') ?? machine.name,
      osName: textAt(machine.hidden, 'osName'),
      osVersion: textAt(machine.hidden, 'osVersion'),
      vmAgent: {
        vmAgentVersion: '2.11.1.4',
        statuses: [{ code: 'ProvisioningState/succeeded', level: 'Info', displayStatus: 'Ready', message: 'Guest Agent is running', time }],
      },
    }),
    hyperVGeneration: 'V2',
    disks: disksOf(machine).map((disk) => ({
      name: disk.name,
      statuses: [{ code: 'ProvisioningState/succeeded', level: 'Info', displayStatus: 'Provisioning succeeded', time }],
    })),
    statuses: [provisioning, ...(power ? [{ code: `PowerState/${power}`, level: 'Info', displayStatus: `VM ${power}` }] : [])],
  }
}
