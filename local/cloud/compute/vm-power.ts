import type { Azure } from '../azure.ts'
import { switchOff, switchOn } from '../machines/machine.ts'
import type { Resource } from '../resource.ts'
import { textAt } from './read-json.ts'

/** As in the instance view's `PowerState/…`. Kept in the record's hidden part; a machine that never ran has none. */
export type Power = 'starting' | 'running' | 'stopping' | 'stopped' | 'deallocating' | 'deallocated'

export function powerOf(machine: Resource): Power | undefined {
  return textAt(machine.hidden, 'power') as Power | undefined
}

/** The record in another power state; what runs in the machine ends, and with `running` boots anew. */
export function powered(azure: Azure, machine: Resource, power: Power): Resource {
  const vmId = textAt(machine.properties, 'vmId') ?? ''
  switchOff(azure, vmId)
  if (power === 'running') switchOn(azure, vmId, machine.id)
  return { ...machine, hidden: { ...machine.hidden, power } }
}
