import type { FeatureUser } from '../permissions/control-plane-role.ts'

const REGISTRIES = 'Microsoft.ContainerRegistry/registries'

/** What keeping registries clean asks of Azure: of the registry as a resource, and of what lies in it in either mode of permissions. */
export const registryUsers: readonly FeatureUser[] = [
  {
    kind: 'registries.resource',
    feature: 'registries',
    // `write` sets the built-in policy.
    permissions: [`${REGISTRIES}/read`, `${REGISTRIES}/write`, `${REGISTRIES}/listUsages/read`],
  },
  {
    kind: 'registries.contents',
    feature: 'registries',
    permissions: [`${REGISTRIES}/pull/read`, `${REGISTRIES}/artifacts/delete`],
    dataPermissions: [
      `${REGISTRIES}/catalog/read`,
      `${REGISTRIES}/repositories/content/read`,
      `${REGISTRIES}/repositories/content/delete`,
      `${REGISTRIES}/repositories/metadata/read`,
    ],
  },
]
