/** What an installation can do without; a role is asked for with the ones that it is to have. */
export const featureNames = [
  'network',
  'publicIp',
  'ports',
  'backup',
  'upgrade',
  'aks',
  'acr',
  'ownImages',
  'pickLists',
  'preflight',
  'registries',
  'setup',
] as const
export type Feature = (typeof featureNames)[number]

interface FeatureFacts {
  /** For people: what works with it. */
  readonly meaning: string
  /** Step kinds that only features with such a pattern need. */
  readonly steps?: RegExp
  /** Actions that only features with such a pattern need, whichever step names them: the resources that they act on are not there without. */
  readonly actions?: RegExp
}

const snapshots = /^Microsoft\.Compute\/(snapshots\/|disks\/beginGetAccess\/)/i
const containerRegistries = /^Microsoft\.ContainerRegistry\//i

export const features: Readonly<Record<Feature, FeatureFacts>> = {
  network: {
    meaning: "Slipway makes each cluster's virtual network and security group; without it they are brought along",
    actions: /^Microsoft\.Network\/(virtualNetworks|networkSecurityGroups)\/(write|delete)$/i,
  },
  publicIp: { meaning: 'head nodes have a public IP address', actions: /^Microsoft\.Network\/publicIPAddresses\//i },
  ports: {
    meaning: 'ports are opened and closed on a security group that is brought along',
    actions: /^Microsoft\.Network\/networkSecurityGroups\/securityRules\//i,
  },
  backup: { meaning: 'clusters are backed up and restored', steps: /^(backup|restore)\b/, actions: snapshots },
  upgrade: { meaning: 'clusters are upgraded and rolled back', steps: /^(upgrade|rollback)\b/, actions: snapshots },
  aks: { meaning: 'clusters use a Kubernetes service', actions: /^Microsoft\.ContainerService\//i },
  acr: { meaning: 'clusters keep their images in a container registry', actions: containerRegistries },
  ownImages: {
    meaning: 'clusters are made from images of your own, managed ones or those of a compute gallery',
    actions: /^Microsoft\.Compute\/(images|galleries)\//i,
  },
  pickLists: { meaning: 'the portal offers what there is to choose from' },
  preflight: { meaning: "whether a creation can succeed is found out before, the roles of the clusters' identity included" },
  registries: { meaning: 'untagged manifests of container registries are cleaned away', actions: containerRegistries },
  setup: {
    meaning: 'the app registers resource providers and makes what clusters are given, the role of their identity included',
    steps: /^setup\b/,
  },
}

/** What a role is asked for unless told. Without `setup`: who may make roles and assign them may do everything. */
export const usualFeatures: readonly Feature[] = featureNames.filter((name) => name !== 'setup')

/** Whether something that `pattern` may claim for features is needed by the chosen ones: what no feature claims always is. */
export function isNeeded(chosen: ReadonlySet<Feature>, pattern: 'steps' | 'actions', name: string): boolean {
  const owners = featureNames.filter((feature) => features[feature][pattern]?.test(name))
  return owners.length === 0 || owners.some((feature) => chosen.has(feature))
}
