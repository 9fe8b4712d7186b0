import { nameOf, sameArmId } from '../../azure/arm-id.ts'
import { azureStep } from '../../azure/azure-step.ts'
import type { AzureClients } from '../../azure/clients.ts'
import { assignRole, createRole, hasRole, roleId, roleName, type ScopedRole } from '../../azure/cluster-role.ts'
import { containerRegistry } from '../../azure/container-registry.ts'
import { grantedTo } from '../../azure/granted.ts'
import type { KeptKind, KeptModel } from '../../azure/kept-kind.ts'
import { register, registerAction, registrationOf } from '../../azure/provider-registration.ts'
import { creationOf, notMade } from '../../azure/resource-kind.ts'
import { storageAccount } from '../../azure/storage-account.ts'
import { principalOf, userAssignedIdentity } from '../../azure/user-assigned-identity.ts'
import { OPERATION_TAG } from '../../clusters/resources.ts'
import type { StepContext } from '../../operations/context.ts'
import { done, failed, type Look, pending } from '../../operations/outcome.ts'
import type { StepKind } from '../../operations/step.ts'
import { lacks } from './lacks.ts'
import { SETUP_NAMESPACES } from './namespaces.ts'

/** Says who made it; unlike a cluster's tags it gives nobody leave to remove it. */
export const ACCOUNT_TAG = 'slipway-account'

const clientsOf = ({ services, subjectId }: StepContext): Promise<AzureClients> => services.azure.forAccount(subjectId)

export const registerProvider: StepKind<{ readonly namespace: string }> = azureStep({
  kind: 'setup.provider',
  permissions: ['Microsoft.Resources/subscriptions/providers/read', ...SETUP_NAMESPACES.map(registerAction)],
  seconds: 60,
  describe: ({ namespace }) => ({ title: `register ${namespace}`, touches: [] }),
  async begin(context, { namespace }) {
    const clients = await clientsOf(context)
    const state = await registrationOf(clients, namespace)
    if (state === 'Registered') return done()
    if (state !== 'Registering') await register(clients, namespace)
    return pending({ note: 'Registering in Azure.' })
  },
  async check(context, { namespace }) {
    const state = await registrationOf(await clientsOf(context), namespace)
    return state === 'Registered' ? done() : pending({ note: `${state} in Azure.` })
  },
})

interface KeptArgs<Model> {
  readonly id: string
  readonly model: Model
}

/** Makes what is not there. What is there stays as it is, whoever made it. */
function keptStep<Model>(kind: KeptKind<Model>): StepKind<KeptArgs<Model>> {
  async function look(context: StepContext, { id, model }: KeptArgs<Model>, again: boolean): Promise<Look> {
    const clients = await clientsOf(context)
    const { ledger, operationId, subjectId } = context
    const found = await kind.get(clients, id)
    const entry = (await ledger.list()).find(({ armId }) => sameArmId(armId, id))
    const seen = found && creationOf(found, kind.noun)
    if (seen === 'ready') {
      if (entry) await ledger.created(id)
      return done()
    }
    if (seen === 'failed' && !(again && entry)) return failed(notMade(kind.noun, id))
    if (seen && seen !== 'failed') return seen
    await ledger.intend(id)
    await kind.put(clients, id, model, { [ACCOUNT_TAG]: subjectId, [OPERATION_TAG]: operationId })
    return pending()
  }
  return azureStep({
    kind: `setup.${kind.name}`,
    permissions: kind.permissions,
    seconds: kind.seconds,
    describe: ({ id }) => ({ title: `create ${kind.noun} ${nameOf(id)}`, touches: [id] }),
    begin: (context, args) => look(context, args, true),
    check: (context, args) => look(context, args, false),
  })
}

export const makeIdentity: StepKind<KeptArgs<KeptModel>> = keptStep(userAssignedIdentity)
export const makeStorageAccount: StepKind<KeptArgs<KeptModel>> = keptStep(storageAccount)
export const makeRegistry: StepKind<KeptArgs<KeptModel>> = keptStep(containerRegistry)

export const makeRole: StepKind<ScopedRole> = azureStep({
  kind: 'setup.role',
  permissions: ['Microsoft.Authorization/roleDefinitions/read', 'Microsoft.Authorization/roleDefinitions/write'],
  seconds: 5,
  describe: (role) => ({ title: `create the role ${roleName(role)}`, touches: [roleId(role)] }),
  async begin(context, role) {
    const clients = await clientsOf(context)
    if (await hasRole(clients, role)) return done()
    await context.ledger.intend(roleId(role))
    await createRole(clients, role)
    await context.ledger.created(roleId(role))
    return done()
  },
})

export interface AssignmentArgs {
  /** ARM id. */
  readonly identity: string
  readonly role: ScopedRole
}

export const makeAssignment: StepKind<AssignmentArgs> = azureStep({
  kind: 'setup.role-assignment',
  permissions: [
    'Microsoft.ManagedIdentity/userAssignedIdentities/read',
    'Microsoft.Authorization/roleDefinitions/read',
    'Microsoft.Authorization/roleAssignments/read',
    'Microsoft.Authorization/roleAssignments/write',
  ],
  seconds: 15,
  describe: ({ identity, role }) => ({ title: `give ${nameOf(identity)} the role ${roleName(role)}`, touches: [] }),
  async begin(context, { identity, role }) {
    const clients = await clientsOf(context)
    const principalId = await principalOf(clients, identity)
    const unknown = pending({ note: 'Azure does not know the new identity or role everywhere yet.' })
    if (principalId === undefined) return unknown
    if (!lacks(await grantedTo(clients, role.scope, principalId), role.actions)) return done()
    return (await assignRole(clients, role, principalId)) ? done() : unknown
  },
})

export const setupSteps = [registerProvider, makeIdentity, makeStorageAccount, makeRegistry, makeRole, makeAssignment]
