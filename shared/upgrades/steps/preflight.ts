import { groupAndName, nameOf } from '../../azure/arm-id.ts'
import { azureStep } from '../../azure/azure-step.ts'
import { classify } from '../../azure/classify.ts'
import { grantedBy, ownGranted, rolesOf } from '../../azure/granted.ts'
import { machineSizes, quotasIn } from '../../azure/machine-sizes.ts'
import { checkRegistry as givenRegistry } from '../../clusters/steps/checks.ts'
import { worldOf } from '../../clusters/steps/world.ts'
import { done, failed, type Look } from '../../operations/outcome.ts'
import type { StepKind } from '../../operations/step.ts'
import type { Finding } from '../../preflight/finding.ts'
import { missingFinding, neededOf } from '../../preflight/missing.ts'

/** What the app may not look at cannot be found wanting: the step that needs it will tell. */
async function unlessForbidden(look: Promise<Look>): Promise<Look> {
  try {
    return await look
  } catch (error) {
    if (classify(error).code === 'permission') return done()
    throw error
  }
}

/** As a creation's preflight says it, and how to add to a role that somebody has made otherwise. */
function judged([finding]: readonly Finding[], role = '<name of the role>'): Look {
  if (!finding) return done()
  const { message, remedy, actions: [action] = [], scope } = finding
  const byHand = `az role definition list --name "${role}" --query "[0]" > role.json, add them to its actions, az role definition update --role-definition @role.json`
  return failed({
    code: 'permission',
    message,
    remedy: `${remedy} By hand: ${byHand}. Then retry the operation, or start the cluster.`,
    ...(action && { action }),
    ...(scope && { scope }),
    retryable: false,
  })
}

interface OwnRoleArgs {
  /** ARM id of a resource group or of a resource. */
  readonly scope: string
  readonly actions: readonly string[]
}

/** Everything that the whole plan will ask, before anything is changed. */
export const checkOwnRole: StepKind<OwnRoleArgs> = azureStep({
  kind: 'upgrade.check-own-role',
  permissions: [],
  seconds: 1,
  describe: ({ scope }) => ({ title: `check the role of the control plane on ${nameOf(scope)}`, touches: [] }),
  async begin(context, { scope, actions }) {
    const { clients } = await worldOf(context)
    const needed = neededOf({ actions, dataActions: [] })
    const look = async () => judged(missingFinding('permissions', 'The app', scope, needed, await ownGranted(clients, scope)))
    return unlessForbidden(look())
  },
})

interface IdentityRoleArgs {
  readonly actions: readonly string[]
  readonly dataActions: readonly string[]
  /** ARM ids. */
  readonly identity: string
  readonly scope: string
}

/** What Hopsworks on the new head will do with the identity of the machines. */
export const checkIdentityRole: StepKind<IdentityRoleArgs> = azureStep({
  kind: 'upgrade.check-identity-role',
  permissions: [
    'Microsoft.ManagedIdentity/userAssignedIdentities/read',
    'Microsoft.Authorization/roleAssignments/read',
    'Microsoft.Authorization/roleDefinitions/read',
  ],
  seconds: 1,
  describe: ({ identity, scope }) => ({ title: `check the role of identity ${nameOf(identity)} on ${nameOf(scope)}`, touches: [] }),
  async begin(context, { identity, scope, actions, dataActions }) {
    const { clients } = await worldOf(context)
    const look = async () => {
      const { principalId } = await clients.identities.userAssignedIdentities.get(...groupAndName(identity))
      if (!principalId) return done()
      const roles = await rolesOf(clients, scope, principalId)
      const needed = neededOf({ actions, dataActions })
      const own = roles.find(({ roleType }) => roleType === 'CustomRole')
      return judged(missingFinding('identity', `The identity ${nameOf(identity)}`, scope, needed, grantedBy(roles)), own?.roleName)
    }
    return unlessForbidden(look())
  },
})

interface QuotaArgs {
  readonly location: string
  readonly size: string
}

/** For a while there are two heads, and a head that is stopped counts. */
export const checkHeadQuota: StepKind<QuotaArgs> = azureStep({
  kind: 'upgrade.check-quota',
  permissions: ['Microsoft.Compute/skus/read', 'Microsoft.Compute/locations/usages/read'],
  seconds: 2,
  describe: ({ size, location }) => ({ title: `check the quota for a second ${size} in ${location}`, touches: [] }),
  async begin(context, { location, size }) {
    const { clients } = await worldOf(context)
    const look = async () => {
      const [sizes, quotas] = await Promise.all([machineSizes(clients, location), quotasIn(clients, location)])
      const sold = sizes.find(({ name }) => name.toLowerCase() === size.toLowerCase())
      const needed = sold?.vCpus ?? 0
      const short = quotas.find(({ name, limit, used }) => (name === 'cores' || name === sold?.family) && limit - used < needed)
      if (!short) return done()
      return failed({
        code: 'quota',
        message: `A second head needs ${needed} vCPUs; the quota ${short.title} in ${location} is ${short.limit}, ${short.used} of it used.`,
        remedy: `Ask for more in the portal under Quotas, or remove what is not needed (az vm list-usage --location ${location} --output table), then retry.`,
        retryable: false,
      })
    }
    return unlessForbidden(look())
  },
})

interface RegistryArgs {
  readonly id: string
}

export const checkRegistry: StepKind<RegistryArgs> = azureStep({
  kind: 'upgrade.check-registry',
  permissions: ['Microsoft.ContainerRegistry/registries/read'],
  seconds: 1,
  describe: ({ id }) => ({ title: `check container registry ${nameOf(id)}`, touches: [] }),
  async begin(context, { id }) {
    const { clients } = await worldOf(context)
    return unlessForbidden(givenRegistry.look(clients, id))
  },
})
