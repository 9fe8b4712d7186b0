import * as z from 'zod'
import { answered } from '../azure/answered.ts'
import { groupId } from '../azure/arm-id.ts'
import { classify } from '../azure/classify.ts'
import type { AzureClients } from '../azure/clients.ts'
import { type Granted, ownGranted, ownGrantedInSubscription } from '../azure/granted.ts'
import { type Actions, type AzureUser, controlPlaneActions, type FeatureUser } from '../permissions/control-plane-role.ts'
import { type Feature, usualFeatures } from '../permissions/features.ts'
import { type CheckName, type Finding, findingOf, findingSchema } from '../preflight/finding.ts'
import { missingFinding, type Needed, neededOf } from '../preflight/missing.ts'
import { namespacesOf, unregistered } from '../preflight/providers.ts'
import type { Services } from '../services.ts'
import { type ChoiceKind, choicesOf } from './choices.ts'

export const checkSchema = z.object({
  ready: z.boolean().describe('Nothing was found that would keep clusters from being made'),
  findings: z.array(findingSchema).readonly(),
})

export interface Place {
  readonly resourceGroup?: string
  /** Those that are to work; all but setup unless told. */
  readonly features?: readonly Feature[]
}

/** Signs in and looks whether the subscription is ready: providers, the app's permissions in a group, and what a cluster must be given. */
export async function checkAccount(
  services: Pick<Services, 'azure'>,
  users: readonly (AzureUser | FeatureUser)[],
  accountId: string,
  place: Place,
): Promise<z.output<typeof checkSchema>> {
  const attempt = async (check: CheckName, look: (clients: AzureClients) => Promise<readonly Finding[]>) => {
    try {
      return await answered(async () => look(await services.azure.forAccount(accountId)))
    } catch (error) {
      return [findingOf(check, 'unknown', classify(error))]
    }
  }
  const chosen = new Set(place.features ?? usualFeatures)
  const needed = controlPlaneActions(users, chosen)
  const essential = controlPlaneActions(users, new Set(place.features))
  // A sign-in that fails would be told by every other look as well.
  const signIn = await attempt('permissions', signedIn)
  const found =
    signIn.length > 0
      ? [signIn]
      : await Promise.all([
          attempt('providers', (clients) => unregistered(clients, namespacesOf(needed.groups.actions), accountId)),
          attempt('permissions', (clients) => permissionsIn(clients, needed.groups, essential.groups, place)),
          attempt('permissions', (clients) => permissionsInSubscription(clients, needed.subscription, essential.subscription)),
          ...prerequisites
            .filter(({ kind }) => kind !== 'registries' || chosen.has('acr'))
            .map((what) => attempt('given', (clients) => prerequisite(clients, accountId, what, place))),
        ])
  const findings = found.flat()
  return { ready: !findings.some(({ severity }) => severity === 'error'), findings }
}

async function signedIn(clients: AzureClients): Promise<readonly Finding[]> {
  try {
    await answered(() => choicesOf(clients, 'locations', {}))
    return []
  } catch (error) {
    const problem = classify(error)
    return [findingOf('permissions', problem.retryable ? 'unknown' : 'error', problem)]
  }
}

/** Most installations are given no more than groups: without one there is nowhere to look. */
async function permissionsIn(
  clients: AzureClients,
  needed: Actions,
  essential: Actions,
  { resourceGroup }: Place,
): Promise<readonly Finding[]> {
  if (resourceGroup === undefined) return []
  const scope = groupId(clients.subscriptionId, resourceGroup)
  return lacking(scope, needed, essential, await ownGranted(clients, scope))
}

const permissionsInSubscription = async (clients: AzureClients, needed: Actions, essential: Actions): Promise<readonly Finding[]> =>
  lacking(`/subscriptions/${clients.subscriptionId}`, needed, essential, await ownGrantedInSubscription(clients))

/** `essential`: what every cluster takes, and what the features take that the caller named; clusters can be made without the rest. */
function lacking(scope: string, needed: Actions, essential: Actions, granted: Granted): readonly Finding[] {
  const isEssential = ({ action, data }: Needed) => (data ? essential.dataActions : essential.actions).includes(action)
  const { must = [], may = [] } = Object.groupBy(neededOf(needed), (one) => (isEssential(one) ? 'must' : 'may'))
  return [
    ...missingFinding('permissions', 'The app', scope, must, granted),
    ...missingFinding('permissions', 'The app', scope, may, granted).map((finding) => ({
      ...finding,
      severity: 'warning' as const,
      message: `${finding.message} Features that need them will fail.`,
    })),
  ]
}

interface Prerequisite {
  readonly kind: ChoiceKind
  readonly noun: string
  readonly command: string
  /** Last part of the path of the request that has the app make it. */
  readonly request?: 'setup' | 'ssh-keys'
}

const prerequisites: readonly Prerequisite[] = [
  { kind: 'resource-groups', noun: 'resource group', command: 'az group create --name <group> --location <location>' },
  {
    kind: 'storage-accounts',
    noun: 'storage account',
    command: 'az storage account create --resource-group <group> --name <name>',
    request: 'setup',
  },
  {
    kind: 'identities',
    noun: 'user-assigned identity',
    command: 'az identity create --resource-group <group> --name <name>',
    request: 'setup',
  },
  { kind: 'ssh-keys', noun: 'SSH key', command: 'az sshkey create --resource-group <group> --name <name>', request: 'ssh-keys' },
  {
    kind: 'registries',
    noun: 'container registry',
    command: 'az acr create --resource-group <group> --name <name> --sku Premium',
    request: 'setup',
  },
]

async function prerequisite(
  clients: AzureClients,
  accountId: string,
  { kind, noun, command, request }: Prerequisite,
  place: Place,
): Promise<readonly Finding[]> {
  const { resourceGroup } = place
  const { items, missing } = await choicesOf(
    clients,
    kind,
    resourceGroup === undefined || kind === 'resource-groups' ? {} : { resourceGroup },
  )
  if (items.length > 0) return []
  const own = request === undefined ? '' : `, or let the app make it: POST /api/accounts/${accountId}/${request}`
  const filled = `${command.replace('<group>', resourceGroup ?? '<group>')}${own}`
  const where = resourceGroup === undefined ? 'the subscription' : `the resource group ${resourceGroup}`
  return [
    {
      check: 'given',
      severity: 'error',
      message: `The app sees no ${noun} in ${where}.`,
      remedy: missing ? `${filled}, or give its role ${missing.action}` : filled,
      ...(missing && { actions: [missing.action], scope: missing.scope }),
    },
  ]
}
