import type { VirtualMachine } from '@azure/arm-compute'
import { nameOf } from '../azure/arm-id.ts'
import { ProblemError } from '../problem.ts'
import { imageReference, type VersionImage } from '../versions/entry.ts'
import type { Cluster } from './cluster.ts'
import { isWorker, type Node } from './node.ts'
import { clusterResources, type NodeResources } from './resources.ts'
import { highestPrice } from './spot-price.ts'
import type { SpotConfiguration } from './worker-configuration.ts'

export const ADMIN_USER = 'hopsworks'

/** GB; the installer warns below 60. */
export const OS_DISK = 80

/** The machine as Azure's request for it. `bootData`: base64 of the cloud-config; holds a secret. */
export function machineModel(
  cluster: Cluster,
  node: Node,
  resources: NodeResources,
  image: VersionImage,
  bootData: string,
): VirtualMachine {
  const { request, sshPublicKey } = cluster
  if (!sshPublicKey)
    throw new ProblemError({ code: 'invalid', message: `The SSH key ${request.sshKeyName} has not been read.`, retryable: false })
  // What is stateless goes with its machine in one request; a data disk with a state outlives a machine that somebody deletes by mistake.
  const dataDisk = isWorker(node) ? 'Delete' : 'Detach'
  return {
    location: request.location,
    identity: { type: 'UserAssigned', userAssignedIdentities: { [clusterResources(cluster).identity]: {} } },
    hardwareProfile: { vmSize: node.instanceType },
    storageProfile: {
      imageReference: imageReference(image),
      osDisk: { name: nameOf(resources.osDisk), createOption: 'FromImage', diskSizeGB: OS_DISK, deleteOption: 'Delete' },
      dataDisks: resources.dataDisk
        ? [{ lun: 0, name: nameOf(resources.dataDisk), createOption: 'Empty', diskSizeGB: node.diskSize, deleteOption: dataDisk }]
        : [],
    },
    osProfile: {
      computerName: node.name,
      adminUsername: ADMIN_USER,
      customData: bootData,
      linuxConfiguration: {
        disablePasswordAuthentication: true,
        ssh: { publicKeys: [{ path: `/home/${ADMIN_USER}/.ssh/authorized_keys`, keyData: sshPublicKey }] },
      },
    },
    // A spot machine may have to make room for one on demand, which takes over its address.
    networkProfile: {
      networkInterfaces: [{ id: resources.networkInterface, primary: true, deleteOption: node.spot ? 'Detach' : 'Delete' }],
    },
    ...(node.spot && !node.onDemand && spotOf(node.instanceType, node.spot, cluster.request.location)),
  }
}

/** With a disk that is there already in place of an empty one; it outlives the machine. */
export function withDataDisk(model: VirtualMachine, id: string): VirtualMachine {
  const dataDisks = [{ lun: 0, createOption: 'Attach', managedDisk: { id }, deleteOption: 'Detach' }]
  return { ...model, storageProfile: { ...model.storageProfile, dataDisks } }
}

function spotOf(instanceType: string, spot: SpotConfiguration, location: string): Partial<VirtualMachine> {
  const maxPrice = highestPrice(instanceType, spot, location)
  // Azure would ask up to the price on demand, which was not agreed to.
  if (maxPrice === undefined)
    throw new ProblemError({
      code: 'invalid',
      message: `The price of ${instanceType} in ${location} is not known any more.`,
      retryable: false,
    })
  return { priority: 'Spot', evictionPolicy: 'Delete', billingProfile: { maxPrice } }
}
