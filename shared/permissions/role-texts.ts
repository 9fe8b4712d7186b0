import type { Role } from './role.ts'

/** A role as each tool takes it. Every text stands alone: it can be pasted and run. */
export interface RoleTexts {
  /** For `az role definition create --role-definition @file`, and for `update` where the role is there. */
  readonly json: string
  /** Shell commands that make the role, or update the one that is there, and assign it. They can be run again. */
  readonly az: string
  /** A template; its first lines say how it is deployed. */
  readonly bicep: string
}

/** `principal`: object id of who gets it, or a placeholder. */
export function textsOf(role: Role, principal: string): RoleTexts {
  return { json: jsonOf(role), az: azOf(role, principal), bicep: bicepOf(role, principal) }
}

function jsonOf({ name, description, actions, dataActions, scopes }: Role): string {
  const definition = {
    Name: name,
    IsCustom: true,
    Description: description,
    Actions: actions,
    NotActions: [],
    DataActions: dataActions,
    NotDataActions: [],
    AssignableScopes: scopes,
  }
  return JSON.stringify(definition, null, 2)
}

function azOf(role: Role, principal: string): string {
  const assignments = role.scopes.map((scope) => `${assignmentOf(principal, role.name)} --scope ${quoted(scope)}`)
  const definition = ['create', 'update'].map((verb) => `az role definition ${verb} --role-definition "$role"`).join(' || ')
  return [`role=${quoted(jsonOf(role))}`, definition, ...assignments].join('\n')
}

const assignmentOf = (principal: string, role: string): string =>
  `az role assignment create --assignee-object-id ${quoted(principal)} --assignee-principal-type ServicePrincipal --role ${quoted(role)}`

/** For a POSIX shell: nothing in it is expanded. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/**
 * One group: role and assignment in a template for it. Otherwise one for the subscription, because a role's name can be used only once in a tenant.
 * So its GUID follows from its name alone: deployed again, or in another subscription, it is the same role.
 */
function bicepOf(role: Role, principal: string): string {
  const groups = role.scopes.flatMap((scope) => /\/resourceGroups\/([^/]+)$/i.exec(scope)?.[1] ?? [])
  const target = role.scopes.length === 1 && groups.length === 1 ? 'resourceGroup' : 'subscription'
  const assigned = target === 'resourceGroup' || groups.length === 0
  const lines = [
    ...(groups.length > 0 && assigned ? [`// az deployment group create --resource-group ${groups[0]} --template-file <this file>`] : []),
    ...(target === 'subscription' ? ['// az deployment sub create --location <location> --template-file <this file>'] : []),
    ...(assigned ? [] : groups.map((group) => `// then: ${assignmentOf(principal, role.name)} --resource-group ${group}`)),
    `targetScope = ${literal(target)}`,
    ...(assigned ? ['', `param principalId string = ${literal(principal)}`] : []),
    '',
    ...roleResource(role),
    ...(assigned ? ['', ...assignmentResource(target)] : []),
  ]
  return `${lines.join('\n')}\n`
}

function roleResource({ name, description, actions, dataActions, scopes }: Role): readonly string[] {
  const list = (member: string, items: readonly string[]) =>
    items.length === 0
      ? [`        ${member}: []`]
      : [`        ${member}: [`, ...items.map((item) => `          ${literal(item)}`), '        ]']
  return [
    "resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {",
    `  name: guid(${literal(name)})`,
    '  properties: {',
    `    roleName: ${literal(name)}`,
    `    description: ${literal(description)}`,
    "    type: 'CustomRole'",
    '    assignableScopes: [',
    ...scopes.map((scope) => `      ${literal(scope)}`),
    '    ]',
    '    permissions: [',
    '      {',
    ...list('actions', actions),
    '        notActions: []',
    ...list('dataActions', dataActions),
    '        notDataActions: []',
    '      }',
    '    ]',
    '  }',
    '}',
  ]
}

const assignmentResource = (target: string): readonly string[] => [
  "resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {",
  `  name: guid(${target}().id, role.id, principalId)`,
  "  properties: { roleDefinitionId: role.id, principalId: principalId, principalType: 'ServicePrincipal' }",
  '}',
]

const literal = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('${', '\\${')}'`
