import { nameOf, sameArmId } from '../../azure/arm-id.ts'
import { azureStep } from '../../azure/azure-step.ts'
import { expose, exposureOf, isExposedAs } from '../../azure/interface-exposure.ts'
import { partsOf, replaceInterface } from '../../azure/machine-parts.ts'
import { worldOf } from '../../clusters/steps/world.ts'
import { done, pending } from '../../operations/outcome.ts'
import type { StepKind } from '../../operations/step.ts'
import { vanished } from './vanished.ts'

interface MoveArgs {
  /** ARM id of a machine that is deallocated. */
  readonly id: string
  readonly networkInterface: string
}

/** Puts a machine on another interface, so that the one it had, with its addresses, is free for the next generation. */
export const moveInterface: StepKind<MoveArgs> = azureStep({
  kind: 'upgrade.move-interface',
  permissions: [
    'Microsoft.Compute/virtualMachines/read',
    'Microsoft.Compute/virtualMachines/write',
    'Microsoft.Network/networkInterfaces/join/action',
  ],
  seconds: 8,
  describe: ({ id, networkInterface }) => ({
    title: `put virtual machine ${nameOf(id)} on network interface ${nameOf(networkInterface)}`,
    touches: [id, networkInterface],
  }),
  async begin(context, { id, networkInterface }) {
    const { clients } = await worldOf(context)
    const parts = await partsOf(clients, id)
    if (!parts) return vanished('virtual machine', id)
    if (parts.busy) return pending()
    if (parts.networkInterfaces.length === 1 && parts.networkInterfaces.every((known) => sameArmId(known, networkInterface))) return done()
    await replaceInterface(clients, id, networkInterface)
    return pending()
  },
})

interface ExposeArgs {
  /** ARM id of a network interface. */
  readonly id: string
  /** Absent: it is to have none. */
  readonly publicIpAddress?: string
}

/** Gives a public address to an interface or takes it away: whoever uses the address reaches the new head from then on, or none. */
export const exposeInterface: StepKind<ExposeArgs> = azureStep({
  kind: 'upgrade.expose',
  permissions: [
    'Microsoft.Network/networkInterfaces/read',
    'Microsoft.Network/networkInterfaces/write',
    'Microsoft.Network/virtualNetworks/subnets/join/action',
    'Microsoft.Network/networkSecurityGroups/join/action',
    'Microsoft.Network/publicIPAddresses/join/action',
  ],
  seconds: 2,
  describe: ({ id, publicIpAddress }) => ({
    title: publicIpAddress
      ? `give public address ${nameOf(publicIpAddress)} to ${nameOf(id)}`
      : `take the public address from ${nameOf(id)}`,
    touches: [id],
  }),
  async begin(context, { id, publicIpAddress }) {
    const { clients } = await worldOf(context)
    const exposure = await exposureOf(clients, id)
    if (!exposure) return vanished('network interface', id)
    if (exposure.busy) return pending()
    if (isExposedAs(exposure, publicIpAddress)) return done()
    await expose(clients, id, exposure, publicIpAddress)
    return pending()
  },
})
