import { execFileSync } from 'node:child_process'
import { guideQuery, guideTo } from '../../../shared/accounts/guide.ts'
import { azureUsers } from '../../../shared/azure-users.ts'

const SUBSCRIPTION = '00000000-0000-0000-0000-000000000001'
const guide = (query: object = {}) => guideTo(azureUsers, guideQuery.parse({ subscriptionId: SUBSCRIPTION, ...query }))
const script = (query?: object) =>
  guide(query)
    .steps.flatMap(({ commands }) => commands)
    .join('\n')

test('the guide fills in what it was told, and its commands are one script', () => {
  const text = script({
    resourceGroup: 'ml',
    location: 'westeurope',
    storageAccount: 'mlstorage',
    identity: 'ml-identity',
    sshKey: 'ml-key',
  })
  execFileSync('bash', ['-n'], { input: text })
  for (const filled of [
    'az group create --name ml --location westeurope',
    'az storage account create --resource-group ml --name mlstorage',
    'az identity create --resource-group ml --name ml-identity',
    'az sshkey create --resource-group ml --name ml-key',
    `--scope '/subscriptions/${SUBSCRIPTION}/resourceGroups/ml'`,
  ])
    expect(text).toContain(filled)
})

/** Runs the script with an `az` and a `curl` that only tell what they were called with; calls that begin with `refused` fail. */
function rehearsed(query: object, refused = 'nothing'): readonly string[][] {
  const tell = (name: string) =>
    `${name}() { for word in "$@"; do printf '%s\\037' "$word" >&2; done; printf '${name}\\036' >&2; echo "answer-$#"; [[ "$*" != '${refused}'* ]]; }`
  const source = ['set -euo pipefail', 'SLIPWAY_URL=http://slipway SLIPWAY_KEY=key', tell('az'), tell('curl'), script(query), ''].join('\n')
  const said = execFileSync('bash', ['-c', `{ ${source}\n} 2>&1 >/dev/null`], { encoding: 'utf8' })
  return said
    .split('\u001e')
    .filter(Boolean)
    .map((call) => call.split('\u001f'))
}

const definitionsOf = (calls: readonly string[][], verb: string) =>
  calls
    .filter((words) => words.join(' ').startsWith(`role definition ${verb}`))
    .map((words) => JSON.parse(words[words.indexOf('--role-definition') + 1] ?? ''))

test('run as it stands, it makes roles that Azure can read and connects the account', () => {
  const calls = rehearsed({ credential: 'client-secret' })
  const roles = ['control plane', 'offers', 'cluster'].map((name) => ({ Name: expect.stringContaining(`Slipway ${name} `) }))
  expect(definitionsOf(calls, 'create')).toMatchObject(roles)
  expect(definitionsOf(calls, 'update')).toEqual([])
  for (const words of calls.filter((words) => words.includes('--assignee-object-id')))
    expect(words[words.indexOf('--assignee-object-id') + 1]).toMatch(/^answer-/)
  const connecting = calls.at(-1) ?? []
  expect(JSON.parse(connecting[connecting.indexOf('-d') + 1] ?? '')).toMatchObject({
    credential: 'client-secret',
    subscriptionId: expect.stringMatching(/^answer-/),
    clientSecret: expect.stringMatching(/^answer-/),
  })
})

test('run where the roles are there, it updates them', () => {
  const calls = rehearsed({}, 'role definition create')
  const updated = definitionsOf(calls, 'update')
  expect(updated).toHaveLength(3)
  expect(updated).toEqual(definitionsOf(calls, 'create'))
  expect(calls.at(-1)).toContain('-d')
})

test('it warns against the tenants that only help to manage the subscription', () => {
  expect(guide().steps[0]?.why).toMatch(/managedByTenants/)
})

test('it asks for nothing that the chosen features do not use', () => {
  const text = script({ features: 'pickLists' })
  expect(text).not.toMatch(/ContainerService|ContainerRegistry|az acr create|publicIPAddresses/)
  expect(script()).toMatch(/az provider register --namespace Microsoft.ContainerService/)
})

test.each(['managed-identity', 'workload-identity'])('an app with an identity of its own gets no secret: %s', (credential) => {
  expect(script({ credential })).not.toMatch(/credential reset|clientSecret/)
})

test('a service principal is made that trusts an identity that the app is given', () => {
  const calls = rehearsed({ credential: 'workload-identity' })
  const said = calls.map((words) => words.join(' '))
  expect(said).toContainEqual(expect.stringMatching(/^identity create .*--name slipway-app /))
  expect(said).toContainEqual(expect.stringMatching(/^functionapp identity assign .*--identities answer-/))
  const trusting = calls.find((words) => words.includes('federated-credential')) ?? []
  expect(JSON.parse(trusting[trusting.indexOf('--parameters') + 1] ?? '')).toEqual({
    name: 'slipway',
    issuer: expect.stringMatching(/^https:\/\/login\.microsoftonline\.com\/answer-\d+\/v2\.0$/),
    subject: expect.stringMatching(/^answer-/),
    audiences: ['api://AzureADTokenExchange'],
  })
  const connecting = calls.at(-1) ?? []
  expect(JSON.parse(connecting[connecting.indexOf('-d') + 1] ?? '')).toMatchObject({
    credential: 'workload-identity',
    clientId: expect.stringMatching(/^answer-/),
    identityClientId: expect.stringMatching(/^answer-/),
  })
})
