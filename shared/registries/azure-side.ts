import type { z } from 'zod'
import { answered } from '../azure/answered.ts'
import { ProblemError } from '../problem.ts'
import type { Services } from '../services.ts'
import { type BuiltInPolicy, getArmRegistry, getStorageUsage, setBuiltInPolicy } from './arm-registry.ts'
import { getRegistry } from './registry-store.ts'
import type { builtInPolicyView } from './wire.ts'

/** The registry as ARM knows it; ProblemError where it was adopted without its ARM id, or is gone. */
async function inAzure(services: Services, id: string) {
  const { armId, accountId } = await getRegistry(services, id)
  if (armId === undefined)
    throw new ProblemError({
      code: 'unsupported',
      message: 'The registry was adopted by its login server: nothing else about it is known.',
      remedy: 'Forget it and adopt it by its ARM id: az acr show --name <name> --query id',
      retryable: false,
    })
  const clients = await services.azure.forAccount(accountId)
  return { armId, clients }
}

const gone = () => new ProblemError({ code: 'conflict', message: 'The registry is no more in Azure.', retryable: false })

export async function storageOf(services: Services, id: string): Promise<{ used: number; included?: number }> {
  const { armId, clients } = await inAzure(services, id)
  const usage = await answered(() => getStorageUsage(clients, armId))
  if (!usage) throw gone()
  return usage
}

export async function builtInPolicyOf(services: Services, id: string): Promise<z.input<typeof builtInPolicyView>> {
  const { armId, clients } = await inAzure(services, id)
  const registry = await answered(() => getArmRegistry(clients, armId))
  if (!registry) throw gone()
  const { retentionPolicy, softDeletePolicy } = registry.properties.policies ?? {}
  const supported = registry.sku.name === 'Premium'
  return {
    supported,
    ...(supported && retentionPolicy?.days !== undefined && { days: retentionPolicy.days, status: statusOf(retentionPolicy.status) }),
    ...(softDeletePolicy && {
      softDelete: {
        status: statusOf(softDeletePolicy.status),
        ...(softDeletePolicy.retentionDays !== undefined && { days: softDeletePolicy.retentionDays }),
      },
    }),
  }
}

type BuiltInPolicyView = z.input<typeof builtInPolicyView>

/** The registry's own policy as it would be; nothing is changed. ProblemError where it cannot have it. */
export async function draftBuiltInPolicy(services: Services, id: string, policy: BuiltInPolicy): Promise<BuiltInPolicyView> {
  const before = await builtInPolicyOf(services, id)
  if (!before.supported)
    throw new ProblemError({
      code: 'unsupported',
      message: 'Only Premium registries have a policy of their own for untagged manifests.',
      remedy: 'The policy of Slipway works on every SKU: PUT /api/registries/{id}/policy',
      retryable: false,
    })
  if (policy.status === 'enabled' && before.softDelete?.status === 'enabled')
    throw new ProblemError({
      code: 'conflict',
      field: 'status',
      message: 'Azure does not allow the policy together with soft delete, which is enabled.',
      remedy: 'Keep soft delete: the policy of Slipway works beside it.',
      retryable: false,
    })
  return { ...before, ...policy }
}

export async function changeBuiltInPolicy(services: Services, id: string, policy: BuiltInPolicy): Promise<BuiltInPolicyView> {
  const after = await draftBuiltInPolicy(services, id, policy)
  const { armId, clients } = await inAzure(services, id)
  if (!(await setBuiltInPolicy(clients, armId, policy))) throw gone()
  return after
}

/** ARM does not promise the case of it. */
const statusOf = (status: string | undefined): 'enabled' | 'disabled' => (status?.toLowerCase() === 'enabled' ? 'enabled' : 'disabled')
