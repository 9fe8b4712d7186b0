import { ArmError } from '../../../../local/cloud/arm/arm-error.ts'
import type { Provider, ResourceType } from '../../../../local/cloud/provider.ts'

/** A small provider with everything in it that the engine does for types. Its latency is borrowed. */
const widgets: ResourceType = {
  type: 'widgets',
  apiVersions: ['2024-01-01', '2023-02-01-preview', '2023-01-01'],
  tracked: true,
  etags: true,
  namePattern: /^[a-z0-9-]{1,20}$/i,
  links: ({ body }) => {
    const gear = (body.properties as { gear?: string } | undefined)?.gear
    return gear ? [{ id: gear, action: 'Microsoft.Widgets/gears/join/action' }] : []
  },
  write(call) {
    const { speed = 1, slow = false, broken = false } = (call.body.properties ?? {}) as { speed?: number; slow?: boolean; broken?: boolean }
    if (call.fault) throw new ArmError(409, 'OperationNotAllowed', `No more widgets: ${call.fault.fault}.`)
    return { properties: { speed }, hidden: { secret: 'hush' }, ...(slow && { takes: 'virtualMachine.create', input: { broken } }) }
  },
  finishWrite(azure, widget, { broken }) {
    azure.resources.put({ ...widget, id: `${widget.id}/gears/made`, name: 'made', type: 'Microsoft.Widgets/widgets/gears', properties: {} })
    if (broken) throw new ArmError(409, 'WidgetBroke', 'The widget broke.')
    return { ...widget, properties: { ...widget.properties, finished: true } }
  },
  remove: () => ({ takes: 'virtualMachine.delete' }),
  actions: {
    spin: { run: () => ({ takes: 'virtualMachine.start' }), finish: (_, widget) => ({ spun: widget.name }) },
    peek: { method: 'GET', run: (_, widget) => ({ body: { seen: widget.name } }) },
  },
}

const gears: ResourceType = {
  type: 'widgets/gears',
  apiVersions: ['2024-01-01'],
  tracked: false,
  write: (call) => ({ properties: { teeth: Number((call.body.properties as { teeth?: number } | undefined)?.teeth ?? 8) } }),
  remove: () => ({}),
  // As a VM lets go of its disks: what is nested is told before it goes.
  finishRemove: (azure, gear) => azure.records('widgets/removed').put(gear.name, {}),
}

export const widgetProvider: Provider = { namespace: 'Microsoft.Widgets', resourceTypes: [widgets, gears] }
