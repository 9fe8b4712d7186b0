import type { Json, JsonObject } from '../resource.ts'

/** What a role allows: wildcards `*` over any characters, without regard to case. */
export interface Permission {
  readonly actions: readonly string[]
  readonly notActions: readonly string[]
  readonly dataActions: readonly string[]
  readonly notDataActions: readonly string[]
}

export interface BuiltInRole extends Permission {
  /** The same GUID in every tenant [learn: built-in-roles]. */
  readonly id: string
  readonly name: string
  readonly description: string
}

/** Whether the permission allows `action`, an action or (with `data`) a data action. */
export function permits(permission: Permission, action: string, data: boolean): boolean {
  const given = data ? permission.dataActions : permission.actions
  const taken = data ? permission.notDataActions : permission.notActions
  return given.some((pattern) => covers(pattern, action)) && !taken.some((pattern) => covers(pattern, action))
}

/** Compiled patterns; there are a few hundred at most, and RBAC is asked on every request. */
const compiled = new Map<string, RegExp>()
const MAX_COMPILED = 5_000

function covers(pattern: string, action: string): boolean {
  let expression = compiled.get(pattern)
  if (!expression) {
    if (compiled.size >= MAX_COMPILED) compiled.clear()
    expression = new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`, 'i')
    compiled.set(pattern, expression)
  }
  return expression.test(action)
}

/** The permissions of a role definition's `properties`, as stored. */
export function permissionsOf(properties: JsonObject): Permission[] {
  const permissions = properties.permissions
  if (!Array.isArray(permissions)) return []
  return permissions.map((permission: JsonObject) => ({
    actions: strings(permission.actions),
    notActions: strings(permission.notActions),
    dataActions: strings(permission.dataActions),
    notDataActions: strings(permission.notDataActions),
  }))
}

function strings(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.map(String) : []
}

/** Built-in roles that clients of the product ask for, with the permissions that Microsoft publishes. */
export const builtInRoles: readonly BuiltInRole[] = [
  builtIn(
    '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
    'Owner',
    'Grants full access to manage all resources, including the ability to assign roles in Azure RBAC.',
    {
      actions: ['*'],
    },
  ),
  builtIn(
    'b24988ac-6180-42a0-ab88-20f7382dd24c',
    'Contributor',
    'Grants full access to manage all resources, but does not allow you to assign roles in Azure RBAC.',
    {
      actions: ['*'],
      notActions: [
        'Microsoft.Authorization/*/Delete',
        'Microsoft.Authorization/*/Write',
        'Microsoft.Authorization/elevateAccess/Action',
        'Microsoft.Blueprint/blueprintAssignments/write',
        'Microsoft.Blueprint/blueprintAssignments/delete',
      ],
    },
  ),
  builtIn('acdd72a7-3385-48ef-bd42-f606fba81ae7', 'Reader', 'View all resources, but does not allow you to make any changes.', {
    actions: ['*/read'],
  }),
  builtIn('18d7d88d-d35e-4fb5-a5c3-7773c20a72d9', 'User Access Administrator', 'Lets you manage user access to Azure resources.', {
    actions: ['*/read', 'Microsoft.Authorization/*', 'Microsoft.Support/*'],
  }),
  builtIn(
    'ba92f5b4-2d11-453d-a403-e96b0029c9fe',
    'Storage Blob Data Contributor',
    'Allows for read, write and delete access to Azure Storage blob containers and data',
    {
      actions: [
        'Microsoft.Storage/storageAccounts/blobServices/containers/delete',
        'Microsoft.Storage/storageAccounts/blobServices/containers/read',
        'Microsoft.Storage/storageAccounts/blobServices/containers/write',
        'Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action',
      ],
      dataActions: [
        'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/delete',
        'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read',
        'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write',
        'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/move/action',
        'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/add/action',
      ],
    },
  ),
  builtIn(
    '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1',
    'Storage Blob Data Reader',
    'Allows for read access to Azure Storage blob containers and data',
    {
      actions: [
        'Microsoft.Storage/storageAccounts/blobServices/containers/read',
        'Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action',
      ],
      dataActions: ['Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'],
    },
  ),
  builtIn('7f951dda-4ed3-4680-a7ca-43fe172d538d', 'AcrPull', 'acr pull', { actions: ['Microsoft.ContainerRegistry/registries/pull/read'] }),
  builtIn('8311e382-0749-4cb8-b61a-304f252e45ec', 'AcrPush', 'acr push', {
    actions: ['Microsoft.ContainerRegistry/registries/pull/read', 'Microsoft.ContainerRegistry/registries/push/write'],
  }),
  builtIn('c2f4ef07-c644-48eb-af81-4b1b4947fb11', 'AcrDelete', 'acr delete', {
    actions: ['Microsoft.ContainerRegistry/registries/artifacts/delete'],
  }),
  builtIn(
    'b93aa761-3e63-49ed-ac28-beffa264f7ac',
    'Container Registry Repository Reader',
    'Allows for read access to Azure Container Registry repositories, but excluding catalog listing.',
    { dataActions: repositoryActions('read') },
  ),
  builtIn(
    '2a1e307c-b015-4ebd-883e-5b7698a07328',
    'Container Registry Repository Writer',
    'Allows for read and write access to Azure Container Registry repositories, but excluding catalog listing.',
    { dataActions: repositoryActions('read', 'write') },
  ),
  builtIn(
    '2efddaa5-3f1f-4df3-97df-af3f13818f4c',
    'Container Registry Repository Contributor',
    'Allows for read, write, and delete access to Azure Container Registry repositories, but excluding catalog listing.',
    { dataActions: repositoryActions('read', 'write', 'delete') },
  ),
  builtIn(
    'bfdb9389-c9a5-478a-bb2f-ba9ca092c3c7',
    'Container Registry Repository Catalog Lister',
    'Allows for listing all repositories in an Azure Container Registry.',
    { dataActions: ['Microsoft.ContainerRegistry/registries/catalog/read'] },
  ),
  builtIn('f1a07417-d97a-45cb-824c-7a7467783830', 'Managed Identity Operator', 'Read and Assign User Assigned Identity', {
    actions: [
      'Microsoft.ManagedIdentity/userAssignedIdentities/*/read',
      'Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action',
      'Microsoft.ManagedIdentity/userAssignedIdentities/read',
      'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action',
      'Microsoft.Authorization/*/read',
      'Microsoft.Insights/alertRules/*',
      'Microsoft.Resources/subscriptions/resourceGroups/read',
      'Microsoft.Resources/deployments/*',
      'Microsoft.Support/*',
    ],
  }),
]

function builtIn(id: string, name: string, description: string, permission: Partial<Permission>): BuiltInRole {
  return { id, name, description, actions: [], notActions: [], dataActions: [], notDataActions: [], ...permission }
}

function repositoryActions(...verbs: readonly string[]): string[] {
  return verbs.flatMap((verb) =>
    ['content', 'metadata'].map((part) => `Microsoft.ContainerRegistry/registries/repositories/${part}/${verb}`),
  )
}
