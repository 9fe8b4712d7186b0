import { identityActions } from './cluster-identity.ts'
import { type AzureUser, controlPlaneActions, type FeatureUser } from './control-plane-role.ts'
import { beyondDocumented, documentedRoles, notNeeded } from './documented.ts'
import { type Feature, featureNames, features } from './features.ts'

type Users = readonly (AzureUser | FeatureUser)[]

export interface Comparison {
  readonly name: string
  readonly features: readonly Feature[]
  readonly documented: number
  readonly generated: number
  /** Ours alone, and the documented role's alone. */
  readonly beyond: readonly string[]
  readonly lacking: readonly string[]
}

/** The documented roles beside what is computed for the same features. */
export function comparisons(users: Users): readonly Comparison[] {
  return documentedRoles.map(({ name, features: chosen, actions }) => {
    const generated = everything(users, new Set(chosen))
    return {
      name,
      features: chosen,
      documented: actions.length,
      generated: generated.length,
      beyond: generated.filter((action) => !actions.includes(action)),
      lacking: actions.filter((action) => !generated.includes(action)),
    }
  })
}

function everything(users: Users, chosen: ReadonlySet<Feature>): readonly string[] {
  const { groups, subscription } = controlPlaneActions(users, chosen)
  return [...groups.actions, ...groups.dataActions, ...subscription.actions]
}

/** The generated part of docs/permissions.md. */
export function permissionsTables(users: Users): string {
  const all = new Set<Feature>(featureNames)
  const identity = identityActions(all)
  const found = comparisons(users)
  return [
    '### Features',
    table(
      ['feature', 'what works with it', 'actions that come with it'],
      featureNames.map((name) => [`\`${name}\``, features[name].meaning, `${comingWith(users, name).length}`]),
    ),
    "### The app's role",
    table(
      ['action', 'asked for by', 'only with any of'],
      everything(users, all).map((action) => [
        `\`${action}\``,
        askers(users, action),
        named((feature) => comingWith(users, feature).includes(action)),
      ]),
    ),
    "### The clusters' identity",
    table(
      ['action', 'only with any of'],
      [...identity.actions, ...identity.dataActions].map((action) => [
        `\`${action}\``,
        named((feature) => !identityHas(action) && identityHas(action, feature)),
      ]),
    ),
    '### Beside the documented roles',
    table(
      ['documented role', 'its actions', 'computed for the same features', 'ours alone', "the documented one's alone"],
      found.map(({ name, documented, generated, beyond, lacking }) => [
        name,
        `${documented}`,
        `${generated}`,
        `${beyond.length}`,
        `${lacking.length}`,
      ]),
    ),
    table(
      ['action', 'side', 'why'],
      [
        ...unique(found.flatMap(({ beyond }) => beyond)).map((action) => [`\`${action}\``, 'ours', beyondDocumented[action] ?? '']),
        ...unique(found.flatMap(({ lacking }) => lacking)).map((action) => [`\`${action}\``, 'documented', notNeeded[action] ?? '']),
      ],
    ),
  ].join('\n\n')
}

const unique = (items: readonly string[]): readonly string[] => [...new Set(items)].sort()

/** What comes with one feature alone and with none of them does not. */
function comingWith(users: Users, feature: Feature): readonly string[] {
  const base = new Set(everything(users, new Set()))
  return everything(users, new Set([feature])).filter((action) => !base.has(action))
}

const named = (needed: (feature: Feature) => boolean): string =>
  featureNames
    .filter(needed)
    .map((feature) => `\`${feature}\``)
    .join(', ')

function identityHas(action: string, ...chosen: readonly Feature[]): boolean {
  const { actions, dataActions } = identityActions(new Set(chosen))
  return [...actions, ...dataActions].includes(action)
}

const askers = (users: Users, action: string): string =>
  users
    .filter(({ permissions, dataPermissions = [] }) => [...permissions, ...dataPermissions].includes(action))
    .map(({ kind }) => kind)
    .join(', ')

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
