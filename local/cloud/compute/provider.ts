import { machineAlarms, startMachines } from '../machines/machine.ts'
import type { Provider } from '../provider.ts'
import { disks } from './disks.ts'
import { computeEndpoints } from './endpoints.ts'
import { galleryTypes, images } from './images.ts'
import { snapshots } from './snapshots.ts'
import { sshPublicKeys } from './ssh-public-keys.ts'
import { virtualMachines } from './virtual-machines.ts'

export const computeProvider: Provider = {
  namespace: 'Microsoft.Compute',
  resourceTypes: [virtualMachines, disks, snapshots, sshPublicKeys, images, ...galleryTypes],
  endpoints: computeEndpoints,
  alarms: machineAlarms,
  start: startMachines,
}
