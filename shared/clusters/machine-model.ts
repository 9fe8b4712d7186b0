import type { VirtualMachine } from '@azure/arm-compute'
import { nameOf } from '../azure/arm-id.ts'
import { ProblemError } from '../problem.ts'
import { imageReference, type VersionImage } from '../versions/entry.ts'
import type { Cluster } from './cluster.ts'
import { isWorker, type Node } from './node.ts'
import { clusterResources, type NodeResources } from './resources.ts'

export const ADMIN_USER = 'hopsworks'

/** GB; the installer warns below 60. */
export const OS_DISK = 80

/** Up to the price on demand, which is as much as Azure ever asks [learn: virtual-machines/spot-vms]. */
const PRICE_ON_DEMAND = -1

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
    networkProfile: { networkInterfaces: [{ id: resources.networkInterface, primary: true, deleteOption: 'Delete' }] },
    ...(node.spot && { priority: 'Spot', evictionPolicy: 'Delete', billingProfile: { maxPrice: PRICE_ON_DEMAND } }),
  }
}
