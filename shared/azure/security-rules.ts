import type { NetworkSecurityGroup, SecurityRule } from '@azure/arm-network'
import { unlessAbsent } from './absent.ts'
import { groupAndName } from './arm-id.ts'
import type { AzureClients } from './clients.ts'
import { type InboundRule, inboundRuleModel } from './network-security-group.ts'
import { submitted } from './submitted.ts'

/** A security group with its rules, as it was read: who writes it back proves with its ETag that nobody else has meanwhile. */
export interface RuledGroup {
  readonly rules: readonly SecurityRule[]
  /** No change is under way. */
  readonly isSettled: boolean
  readonly model: NetworkSecurityGroup
}

/** Undefined where Azure answers 404. */
export async function ruledGroup({ network }: AzureClients, id: string): Promise<RuledGroup | undefined> {
  const model = await unlessAbsent(network.networkSecurityGroups.get(...groupAndName(id)))
  if (!model) return undefined
  const rules = model.securityRules ?? []
  const settled = /^(Succeeded|Failed|Canceled)$/
  const isSettled = [model, ...rules].every(({ provisioningState = 'Succeeded' }) => settled.test(provisioningState))
  return { rules, isSettled, model }
}

/** All rules in one request. A group that was removed since it was read stays removed. */
export async function writeRules(
  { network }: AzureClients,
  id: string,
  { model }: RuledGroup,
  rules: readonly SecurityRule[],
): Promise<void> {
  const { location, tags, etag } = model
  const body = { ...(location && { location }), ...(tags && { tags }), securityRules: [...rules] }
  await submitted((options) =>
    network.networkSecurityGroups.beginCreateOrUpdate(...groupAndName(id), body, {
      ...options,
      requestOptions: { customHeaders: { 'If-Match': etag ?? '*' } },
    }),
  )
}

export async function writeRule({ network }: AzureClients, id: string, rule: InboundRule): Promise<void> {
  const model = inboundRuleModel(rule)
  await submitted((options) => network.securityRules.beginCreateOrUpdate(...groupAndName(id), rule.name, model, options))
}

export async function removeRule({ network }: AzureClients, id: string, name: string): Promise<void> {
  await submitted((options) => network.securityRules.beginDelete(...groupAndName(id), name, options))
}
