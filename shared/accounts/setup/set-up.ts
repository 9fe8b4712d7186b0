import * as z from 'zod'
import { unlessAbsent } from '../../azure/absent.ts'
import { answered } from '../../azure/answered.ts'
import { groupId } from '../../azure/arm-id.ts'
import { rethrow } from '../../azure/azure-step.ts'
import type { AzureClients } from '../../azure/clients.ts'
import { containerRegistry } from '../../azure/container-registry.ts'
import { grantedTo, ownGranted, ownGrantedInSubscription } from '../../azure/granted.ts'
import { registerAction, registrationOf } from '../../azure/provider-registration.ts'
import { storageAccount } from '../../azure/storage-account.ts'
import { principalOf } from '../../azure/user-assigned-identity.ts'
import { stepPlanner } from '../../clusters/plan-step.ts'
import { loadDurations } from '../../operations/durations.ts'
import type { Operation } from '../../operations/operation.ts'
import type { Orchestrations } from '../../operations/orchestrations.ts'
import { type Plan, stepsOf } from '../../operations/plan.ts'
import { startOperation } from '../../operations/start-operation.ts'
import { identityActions } from '../../permissions/cluster-identity.ts'
import { type Actions, type AzureUser, controlPlaneActions } from '../../permissions/control-plane-role.ts'
import { type Feature, featureNames, usualFeatures } from '../../permissions/features.ts'
import { type Finding, findingSchema } from '../../preflight/finding.ts'
import { missingFinding, neededOf } from '../../preflight/missing.ts'
import { namespacesOf } from '../../preflight/providers.ts'
import { setupPrice, setupPriceSchema } from '../../prices/setup-price.ts'
import { invalid } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { getAccount } from '../edit-accounts.ts'
import { lacks } from './lacks.ts'
import { SETUP_NAMESPACES } from './namespaces.ts'
import { claimAccount, SET_UP_ACCOUNT } from './operation-kind.ts'
import { type Missing, planProviders, planSetup, siteIds } from './plan-setup.ts'
import type { ProvidersRequest, SetupRequest } from './request.ts'
import { registerProvider, setupSteps } from './steps.ts'

export const setupDraftSchema = z.object({
  resources: z.array(z.string()).readonly().describe('ARM ids of what will be made'),
  permissions: z.array(z.string()).readonly().describe('Actions that the app needs for it'),
  findings: z.array(findingSchema).readonly().describe('What the app lacks of them'),
  price: setupPriceSchema,
})

export interface Draft extends z.output<typeof setupDraftSchema> {
  readonly plan: Plan
}

/** Registers those resource providers of the features that are not registered; the plan is empty where all are. */
export async function draftProviders(
  services: Services,
  accountId: string,
  users: readonly AzureUser[],
  request: ProvidersRequest,
): Promise<Draft> {
  const clients = await clientsOf(services, accountId)
  const chosen = new Set(request.features ?? usualFeatures)
  const used = namespacesOf([...controlPlaneActions(users, chosen).groups.actions, ...identityActions(chosen).actions])
  const plan = planProviders(stepPlanner(await loadDurations(services)), await answered(() => unregisteredOf(clients, used)).catch(rethrow))
  return draftOf(clients, plan, undefined)
}

/** Makes what is missing of what every cluster is given; the plan is empty where nothing is. Nothing that is there is changed. */
export async function draftSetup(services: Services, accountId: string, request: SetupRequest): Promise<Draft> {
  const clients = await clientsOf(services, accountId)
  const { subscriptionId } = clients
  const { features = request.registry === undefined ? ['backup'] : ['backup', 'acr'] } = request
  const group = await answered(() => groupOf(clients, request.resourceGroup)).catch(rethrow)
  const role = { scope: groupId(subscriptionId, request.resourceGroup), actions: identityActions(new Set<Feature>(features)) }
  const site = { ...request, subscriptionId, location: request.location ?? group.location, role }
  const ids = siteIds(site)
  const look = async (): Promise<Missing> => {
    const [providers, principalId, storage, registry] = await Promise.all([
      unregisteredOf(clients, namespacesOf([...Object.values(ids).slice(1).map(typeOf), ...role.actions.actions])),
      principalOf(clients, ids.identity),
      storageAccount.get(clients, ids.storageAccount),
      ids.registry === undefined ? true : containerRegistry.get(clients, ids.registry),
    ])
    const grant = principalId === undefined || lacks(await grantedTo(clients, role.scope, principalId), role.actions)
    return { providers, identity: principalId === undefined, storageAccount: !storage, registry: !registry, grant }
  }
  const plan = planSetup(stepPlanner(await loadDurations(services)), site, await answered(look).catch(rethrow))
  return draftOf(clients, plan, site.resourceGroup)
}

/** Starts what was drafted, as the account's one operation. Answers its id. */
export async function startSetup(
  services: Services,
  orchestrations: Orchestrations,
  accountId: string,
  plan: Plan,
  requestedBy: string,
): Promise<string> {
  const request = { subject: { type: 'account', id: accountId } as const, kind: SET_UP_ACCOUNT, title: plan.title, plan, requestedBy }
  return (await startOperation(services, orchestrations, request, (operation: Operation) => claimAccount(services, operation))).id
}

async function clientsOf(services: Services, accountId: string): Promise<AzureClients> {
  const { id } = await getAccount(services, accountId)
  return services.azure.forAccount(id).catch(rethrow)
}

/** `Microsoft.Storage/storageAccounts` of `/subscriptions/…/providers/Microsoft.Storage/storageAccounts/x` */
const typeOf = (id: string): string => id.split('/').slice(-3, -1).join('/')

/** Creating one takes a right on the whole subscription, which nobody should have to give for a plan. */
export async function groupOf({ resources }: AzureClients, name: string): Promise<{ readonly location: string }> {
  const group = await unlessAbsent(resources.resourceGroups.get(name))
  if (group) return group
  return invalid('resourceGroup', `there is no resource group ${name}; make it with: az group create --name ${name} --location <location>`)
}

async function unregisteredOf(clients: AzureClients, namespaces: readonly string[]): Promise<readonly string[]> {
  const ours = SETUP_NAMESPACES.filter((namespace) => namespaces.includes(namespace))
  const states = await Promise.all(ours.map((namespace) => registrationOf(clients, namespace)))
  return ours.filter((_, index) => states[index] !== 'Registered')
}

async function draftOf(clients: AzureClients, plan: Plan, resourceGroup: string | undefined): Promise<Draft> {
  const steps = stepsOf(plan)
  const users = setupSteps
    .filter(({ kind }) => steps.some((step) => step.kind === kind))
    .map(({ kind, permissions }) => ({ kind, permissions: permissions.filter((action) => isUsed(action, plan)) }))
  const { groups, subscription } = controlPlaneActions(users, new Set(featureNames))
  const lacking = async (look: () => Promise<readonly Finding[]>, { actions }: Actions) =>
    actions.length === 0 ? [] : look().catch(rethrow)
  const found = await Promise.all([
    lacking(async () => {
      const scope = groupId(clients.subscriptionId, resourceGroup ?? '')
      return missingFinding('permissions', 'The app', scope, neededOf(groups), await ownGranted(clients, scope))
    }, groups),
    lacking(async () => {
      const scope = `/subscriptions/${clients.subscriptionId}`
      return missingFinding('permissions', 'The app', scope, neededOf(subscription), await ownGrantedInSubscription(clients))
    }, subscription),
  ])
  return {
    plan,
    resources: steps.flatMap(({ touches }) => touches),
    permissions: [...groups.actions, ...subscription.actions],
    findings: found.flat(),
    price: setupPrice({ registry: steps.some(({ kind }) => kind === `setup.${containerRegistry.name}`) }),
  }
}

/** Of the actions that register providers, those of the plan's. */
function isUsed(action: string, plan: Plan): boolean {
  const all: readonly string[] = SETUP_NAMESPACES.map(registerAction)
  if (!all.includes(action)) return true
  return stepsOf(plan).some(({ id }) =>
    SETUP_NAMESPACES.some((one) => action === registerAction(one) && id === `${registerProvider.kind}:${one}`),
  )
}
