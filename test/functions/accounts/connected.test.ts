import { featureEndpoints } from '../../../functions/endpoints.ts'
import type { TenantDirectory } from '../../../local/cloud/tokens/directory.ts'
import { createAzureFactory } from '../../../shared/azure/azure-factory.ts'
import { newKey } from '../../../shared/keys/key.ts'
import { type TestCloud, testCloud } from '../../local/cloud/sdk.ts'
import { testServices } from '../../services.ts'
import { type Asked, frontDoorClient } from '../../shared/http/front-door-client.ts'

const key = newKey()
const services = testServices({ SLIPWAY_FIRST_KEY: key })
let cloud: TestCloud
let ask: ReturnType<typeof frontDoorClient>
beforeAll(async () => {
  cloud = await testCloud()
  const settings = { ...services.settings, azureGateway: cloud.url }
  ask = frontDoorClient({ ...services, settings, azure: createAzureFactory({ ...services, settings }) })
})
afterAll(() => cloud?.stop())

async function call(name: string, asked: Asked = {}) {
  const endpoint = featureEndpoints.find((known) => known.name === name)
  if (!endpoint) throw new Error(name)
  return (await ask(endpoint, { ...asked, headers: { 'x-api-key': key } })).envelope
}

async function connected(changes: object = {}) {
  const { tenantId, subscriptionId, controlPlane } = cloud.landingZone
  const { clientId, clientSecret } = controlPlane
  const body = { name: 'azure', tenantId, subscriptionId, credential: 'client-secret', clientId, clientSecret, ...changes }
  const { code, payload } = await call('accounts-create', { body })
  expect(code).toBe(201)
  return payload?.account as { id: string }
}

test('the sizes of the only subscription that is connected are listed, those of one of several where it is named', async () => {
  const list = (query: Asked['query'] = {}) => call('node-types-supported', { query: { cloud: 'AZURE', region: 'northeurope', ...query } })
  expect(await list()).toMatchObject({ code: 400, message: 'No Azure subscription is connected.' })
  const { id } = await connected()
  const some = { code: 200, payload: { azure: { head: expect.arrayContaining([expect.objectContaining({ id: 'Standard_D8_v3' })]) } } }
  expect(await list()).toMatchObject(some)

  const second = await connected()
  expect(await list()).toMatchObject({ code: 400, error: { field: 'account' } })
  expect(await list({ account: id })).toMatchObject(some)
  expect(await list({ account: '0'.repeat(16) })).toMatchObject({ code: 400, error: { field: 'account' } })
  for (const accountId of [id, second.id]) await call('accounts-delete', { params: { accountId } })
})

/** What is found of an account whose service principal shows a token of the landing zone's identity, which it trusts or not. */
async function checkedWithIdentity({ trusted }: { readonly trusted: boolean }) {
  const { landingZone, azure } = cloud
  const { controlPlane, subscriptionId, resourceGroup, identity } = landingZone
  const id = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${identity}`
  const { clientId = '', principalId = '' } = (azure.resources.get(id)?.properties ?? {}) as { clientId?: string; principalId?: string }
  // The part of the directory that requests see has no credentials; the whole one does.
  const directory = azure.directory as TenantDirectory
  if (trusted) azure.change(() => directory.trust(controlPlane.clientId, principalId))
  const account = await connected({ credential: 'workload-identity', clientSecret: undefined, identityClientId: clientId })
  const checked = await call('accounts-check', { params: { accountId: account.id } })
  await call('accounts-delete', { params: { accountId: account.id } })
  return checked.payload
}

test('a service principal that trusts a user-assigned identity of the app signs in to Azure without a secret', async () => {
  expect(await checkedWithIdentity({ trusted: false })).toMatchObject({
    ready: false,
    findings: [{ message: expect.stringContaining('AADSTS700213') }],
  })
  expect(await checkedWithIdentity({ trusted: true })).toMatchObject({ ready: true })
})
