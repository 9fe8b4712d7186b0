import { networkInterface } from '../../azure/network-interface.ts'
import { networkSecurityGroup } from '../../azure/network-security-group.ts'
import { publicIpAddress } from '../../azure/public-ip-address.ts'
import { virtualMachine } from '../../azure/virtual-machine.ts'
import { virtualNetwork } from '../../azure/virtual-network.ts'
import type { AnyStepKind } from '../../operations/kinds.ts'
import { forgetAgent, waitForAgent } from './agent.ts'
import { createBlobContainer, givenChecks } from './checks.ts'
import { createStep } from './creation.ts'
import { createMachine, deallocateVirtualMachine, restartVirtualMachine, startVirtualMachine } from './machines.ts'
import { enterClusterState, readAddresses } from './progress.ts'
import { clearNode, removeStep } from './removal.ts'
import { resizeVirtualMachine } from './resize.ts'
import { forgetCluster, removeStrays, verifyGone } from './termination.ts'

export const createVirtualNetwork = createStep(virtualNetwork)
export const createSecurityGroup = createStep(networkSecurityGroup)
export const createPublicIpAddress = createStep(publicIpAddress)
export const createNetworkInterface = createStep(networkInterface)

export const removeVirtualMachine = removeStep(virtualMachine)
export const removePublicIpAddress = removeStep(publicIpAddress)
export const removeSecurityGroup = removeStep(networkSecurityGroup)
export const removeVirtualNetwork = removeStep(virtualNetwork)

/** All that the plans of clusters are made of. */
export const clusterSteps: readonly AnyStepKind[] = [
  ...givenChecks,
  createBlobContainer,
  createVirtualNetwork,
  createSecurityGroup,
  createPublicIpAddress,
  createNetworkInterface,
  createMachine,
  startVirtualMachine,
  deallocateVirtualMachine,
  restartVirtualMachine,
  resizeVirtualMachine,
  removeVirtualMachine,
  removePublicIpAddress,
  removeSecurityGroup,
  removeVirtualNetwork,
  clearNode,
  enterClusterState,
  readAddresses,
  forgetAgent,
  waitForAgent,
  removeStrays,
  verifyGone,
  forgetCluster,
]
