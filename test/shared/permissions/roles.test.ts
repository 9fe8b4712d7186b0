import { readFileSync } from 'node:fs'
import path from 'node:path'
import { azureUsers } from '../../../shared/azure-users.ts'
import { beyondDocumented, documentedRoles, notNeeded } from '../../../shared/permissions/documented.ts'
import { featureNames } from '../../../shared/permissions/features.ts'
import { comparisons, permissionsTables } from '../../../shared/permissions/permissions-tables.ts'
import { controlPlaneRoles, identityRoles } from '../../../shared/permissions/roles.ts'
import { stepKinds } from '../../../shared/step-kinds.ts'

test('the documented roles of 35, 30 and 25 actions fall out of the same features, and every difference is explained', () => {
  expect(documentedRoles.map(({ actions }) => actions.length)).toEqual([35, 30, 25])
  const found = comparisons(azureUsers)
  const differences = (side: 'beyond' | 'lacking') => [...new Set(found.flatMap((one) => one[side]))].sort()
  expect(differences('beyond')).toEqual(Object.keys(beyondDocumented).sort())
  expect(differences('lacking')).toEqual(Object.keys(notNeeded).sort())
})

test('docs/permissions.md shows what is computed now (node scripts/permissions-docs.ts writes it)', () => {
  const text = readFileSync(path.resolve(__dirname, '../../../docs/permissions.md'), 'utf8')
  expect(text.split('<!-- computed -->')[1]?.trim()).toBe(permissionsTables(azureUsers).trim())
})

test('with every feature the role holds every permission of every step', () => {
  const [role] = controlPlaneRoles(azureUsers, { features: featureNames })
  const asked = [...stepKinds.values()].flatMap(({ permissions, dataPermissions = [] }) => [...permissions, ...dataPermissions])
  expect(asked.filter((action) => ![...(role?.actions ?? []), ...(role?.dataActions ?? [])].includes(action))).toEqual([])
})

test.each(featureNames)('a role without %s asks for nothing more than one with it', (feature) => {
  const [whole] = controlPlaneRoles(azureUsers, { features: featureNames })
  const [part] = controlPlaneRoles(azureUsers, { features: featureNames.filter((name) => name !== feature) })
  expect(part?.actions.filter((action) => !whole?.actions.includes(action))).toEqual([])
})

test('who may make roles and assign them may do everything: a role holds that only where setup is asked for', () => {
  const actions = (query: object) => controlPlaneRoles(azureUsers, query).flatMap((role) => role.actions)
  expect(actions({}).filter((action) => /^Microsoft\.Authorization\/.*\/write$/.test(action))).toEqual([])
  expect(actions({ features: ['setup'] })).toContain('Microsoft.Authorization/roleAssignments/write')
})

test('a role for registries holds no less than docs/retention.md asks for', () => {
  const [role] = controlPlaneRoles(azureUsers, { features: ['registries'] })
  const section = readFileSync(path.resolve(__dirname, '../../../docs/retention.md'), 'utf8')
    .split(/^## /m)
    .find((part) => part.startsWith('Roles'))
  const documented = [...(section ?? '').matchAll(/Microsoft\.ContainerRegistry\/[\w/]+/g)].map(([action]) => action)
  const given = [...(role?.actions ?? []), ...(role?.dataActions ?? [])].filter((action) =>
    action.startsWith('Microsoft.ContainerRegistry/'),
  )
  expect([...new Set(documented)].sort()).toEqual([...given].sort())
})

const GROUP = '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/ml'

test('in a resource group, what only a subscription can give is a role of its own', () => {
  const [groups, wide, ...more] = controlPlaneRoles(azureUsers, { scopes: [GROUP] })
  expect(more).toEqual([])
  expect(groups).toMatchObject({ scopes: [GROUP], actions: expect.not.arrayContaining(['Microsoft.Compute/skus/read']) })
  expect(wide).toMatchObject({
    scopes: ['/subscriptions/00000000-0000-0000-0000-000000000001'],
    actions: expect.arrayContaining(['Microsoft.Compute/skus/read']),
  })
  expect(controlPlaneRoles(azureUsers, { scopes: [GROUP.slice(0, GROUP.indexOf('/resourceGroups'))] })).toHaveLength(1)
})

test("the identity's role has the groups of actions of the public Terraform provider", () => {
  const count = (...chosen: readonly (typeof featureNames)[number][]) =>
    identityRoles({ features: chosen }).map(({ actions, dataActions }) => [actions.length, dataActions.length])
  expect(count()).toEqual([[3, 4]])
  expect(count('backup')).toEqual([[5, 4]])
  expect(count('backup', 'aks', 'acr')).toEqual([[10, 4]])
})

test('a role can be pasted: as JSON, as commands, as Bicep', () => {
  const [role] = identityRoles({ scopes: [GROUP], features: ['acr'], principal: '00000000-0000-0000-0000-000000000002' })
  if (!role) throw new Error('no role')
  expect(JSON.parse(role.json)).toMatchObject({
    IsCustom: true,
    Actions: role.actions,
    DataActions: role.dataActions,
    AssignableScopes: [GROUP],
  })
  const [definition, ...commands] = role.az.split('\naz ')
  expect(definition).toMatch(/^role='\{/)
  expect(commands).toEqual([
    'role definition create --role-definition "$role" || az role definition update --role-definition "$role"',
    `role assignment create --assignee-object-id '00000000-0000-0000-0000-000000000002' --assignee-principal-type ServicePrincipal --role '${role.name}' --scope '${GROUP}'`,
  ])
  expect(role.bicep).toMatch(/^\/\/ az deployment group create --resource-group ml /)
  for (const action of [...role.actions, ...role.dataActions]) expect(role.bicep).toContain(`'${action}'`)
  expect(role.bicep).toContain(`param principalId string = '00000000-0000-0000-0000-000000000002'`)
})

test('a role keeps its name, which can be used once in a tenant, and one for other scopes has another', () => {
  const names = (...scopes: readonly string[]) =>
    [...controlPlaneRoles(azureUsers, { scopes }), ...identityRoles({ scopes })].map(({ name }) => name)
  const other = GROUP.replace('000001/', '000002/')
  const [ml, more] = [names(GROUP), names(other)]
  expect(ml).toEqual(['control plane', 'offers', 'cluster'].map((kind) => expect.stringMatching(`^Slipway ${kind} [0-9a-f]{8}$`)))
  expect(ml.filter((name) => more.includes(name))).toEqual([])
  expect(names(other.toUpperCase(), GROUP, GROUP)).toEqual(names(GROUP, other))
  const [whole] = controlPlaneRoles(azureUsers, { scopes: [GROUP], features: featureNames })
  expect(whole?.name).toBe(ml[0])
  expect(whole?.bicep).toContain(`name: guid('${ml[0]}')`)
})
