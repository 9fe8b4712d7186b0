import type { Actions } from './control-plane-role.ts'
import type { Feature } from './features.ts'
import { actionList } from './role.ts'

const STORAGE = 'Microsoft.Storage/storageAccounts'
const CONTAINERS = `${STORAGE}/blobServices/containers`

/** What Hopsworks itself does with the identity of a cluster's machines (contract §4.1); no step of ours uses it. */
const always: Actions = {
  actions: [`${CONTAINERS}/write`, `${CONTAINERS}/read`, `${STORAGE}/blobServices/read`],
  dataActions: [`${CONTAINERS}/blobs/delete`, `${CONTAINERS}/blobs/read`, `${CONTAINERS}/blobs/move/action`, `${CONTAINERS}/blobs/write`],
}

const byFeature: Partial<Record<Feature, readonly string[]>> = {
  backup: [`${STORAGE}/blobServices/write`, `${STORAGE}/listKeys/action`],
  aks: ['Microsoft.ContainerService/managedClusters/listClusterUserCredential/action', 'Microsoft.ContainerService/managedClusters/read'],
  acr: [
    'Microsoft.ContainerRegistry/registries/pull/read',
    'Microsoft.ContainerRegistry/registries/push/write',
    'Microsoft.ContainerRegistry/registries/artifacts/delete',
  ],
}

/** Of the user-assigned identity of a cluster's machines. */
export function identityActions(chosen: ReadonlySet<Feature>): Actions {
  const more = [...chosen].flatMap((feature) => byFeature[feature] ?? [])
  return { actions: actionList([...always.actions, ...more]), dataActions: actionList(always.dataActions) }
}
