import { z } from 'zod'
import { parseBody } from '../arm/request-body.ts'
import { defaultView } from '../arm/view.ts'
import type { Azure } from '../azure.ts'
import type { Call, ResourceType, Written } from '../provider.ts'
import type { JsonObject, Resource } from '../resource.ts'
import { DEFAULT_SECURITY_RULES } from './default-security-rules.ts'
import { assertWithinQuota } from './quotas.ts'
import { interfacesBehind, isBusy, locationOf, stateOf, subnetsBehind } from './references.ts'
import { anotherOperationInProgress, securityGroupInUse } from './refusals.ts'
import { API_VERSIONS, NAME_PATTERN, SECURITY_RULE } from './resource-types.ts'
import {
  assertNoConflict,
  assertSecurityRule,
  type NamedSecurityRule,
  type SecurityRuleProperties,
  securityRuleProperties,
} from './security-rule.ts'

const securityGroupBody = z.object({
  properties: z
    .object({
      securityRules: z
        .array(z.object({ name: z.string().regex(NAME_PATTERN), properties: securityRuleProperties }))
        .max(1000)
        .default([]),
      flushConnection: z.boolean().optional(),
    })
    .prefault({}),
})

function rulesOf(azure: Azure, groupId: string): Resource[] {
  return azure.resources.ofType(SECURITY_RULE, groupId)
}

function named(rule: Resource): NamedSecurityRule {
  return { name: rule.name, properties: rule.properties as SecurityRuleProperties }
}

function write(call: Call, existing: Resource | undefined): Written {
  const { azure } = call
  const { securityRules, ...properties } = parseBody(securityGroupBody, call).properties
  if (!existing) assertWithinQuota(call, locationOf(call, existing), 'securityGroups')
  const groupId = call.id.id
  const present = existing ? rulesOf(azure, groupId) : []
  if (present.some(isBusy)) throw anotherOperationInProgress()
  for (const rule of securityRules) assertSecurityRule(`${groupId}/securityRules/${rule.name}`, rule.properties)
  assertNoConflict(securityRules)
  for (const rule of present) azure.resources.delete(rule.id)
  for (const { name, properties: rule } of securityRules)
    azure.resources.put({
      id: `${groupId}/securityRules/${name}`,
      type: SECURITY_RULE,
      name,
      provisioningState: 'Succeeded',
      properties: rule,
      envelope: {},
      hidden: {},
    })
  return {
    properties: { ...properties, resourceGuid: existing?.properties.resourceGuid ?? azure.uuid() },
    takes: 'networkSecurityGroup.write',
  }
}

function ruleView(azure: Azure, rule: Resource): JsonObject {
  return { ...defaultView(rule), properties: { provisioningState: stateOf(azure, rule), ...rule.properties } }
}

function defaultRules(group: Resource): JsonObject[] {
  return DEFAULT_SECURITY_RULES.map(({ name, properties }) => ({
    id: `${group.id}/defaultSecurityRules/${name}`,
    name,
    type: 'Microsoft.Network/networkSecurityGroups/defaultSecurityRules',
    etag: `W/"${group.etag}"`,
    properties: { provisioningState: 'Succeeded', ...properties },
  }))
}

function groupView(azure: Azure, group: Resource): JsonObject {
  const interfaces = interfacesBehind(azure, group.id).map(({ id }) => ({ id }))
  const subnets = subnetsBehind(azure, group.id).map(({ id }) => ({ id }))
  return {
    ...defaultView(group),
    properties: {
      provisioningState: group.provisioningState,
      ...group.properties,
      securityRules: rulesOf(azure, group.id).map((rule) => ({ ...ruleView(azure, rule), etag: `W/"${rule.etag}"` })),
      defaultSecurityRules: defaultRules(group),
      ...(interfaces.length > 0 ? { networkInterfaces: interfaces } : {}),
      ...(subnets.length > 0 ? { subnets } : {}),
    },
  }
}

export const networkSecurityGroups: ResourceType = {
  type: 'networkSecurityGroups',
  apiVersions: API_VERSIONS,
  tracked: true,
  namePattern: NAME_PATTERN,
  etags: true,
  write,
  remove({ azure }, existing) {
    const users = [...interfacesBehind(azure, existing.id), ...subnetsBehind(azure, existing.id)].map(({ id }) => id)
    if (users.length > 0) throw securityGroupInUse(existing.id, users)
    if (rulesOf(azure, existing.id).some(isBusy)) throw anotherOperationInProgress()
    return { takes: 'networkSecurityGroup.delete' }
  },
  actions: { defaultSecurityRules: { method: 'GET', run: (_, group) => ({ body: { value: defaultRules(group) } }) } },
  view: groupView,
}

const securityRuleBody = z.object({ properties: securityRuleProperties })

/** The other rules of the group, which takes one change at a time. */
function siblingsAtRest({ azure, id }: Call): Resource[] {
  const group = azure.resources.get(id.parentId ?? '')
  const siblings = rulesOf(azure, id.parentId ?? '').filter(({ name }) => name.toLowerCase() !== id.name.toLowerCase())
  if ((group && isBusy(group)) || siblings.some(isBusy)) throw anotherOperationInProgress()
  return siblings
}

export const securityRules: ResourceType = {
  type: 'networkSecurityGroups/securityRules',
  apiVersions: API_VERSIONS,
  tracked: false,
  namePattern: NAME_PATTERN,
  etags: true,
  write(call) {
    const { properties } = parseBody(securityRuleBody, call)
    const siblings = siblingsAtRest(call)
    assertSecurityRule(call.id.id, properties)
    assertNoConflict([...siblings.map(named), { name: call.id.name, properties }])
    return { properties, takes: 'networkSecurityGroup.write' }
  },
  remove(call) {
    siblingsAtRest(call)
    return { takes: 'networkSecurityGroup.delete' }
  },
  view: ruleView,
}
