import { azureUsers } from '../../../shared/azure-users.ts'
import { controlPlaneRoles } from '../../../shared/permissions/roles.ts'
import { createRequest } from '../api.ts'
import { stage } from '../journeys/stage.ts'
import { waitFor } from '../waiters.ts'
import { accountWith } from './principals.ts'

const here = stage()

const connected = () => {
  const scopes = [`/subscriptions/${here.world.cloud.landingZone.subscriptionId}`]
  return accountWith(here.api, here.world.cloud, controlPlaneRoles(azureUsers, { scopes }))
}

const create = (accountId: string) => here.api.call<{ id: string }>('POST', '/api/clusters', { ...createRequest(here.small()), accountId })
const disconnect = (accountId: string) => here.api.call('DELETE', `/api/accounts/${accountId}`)

test('a cluster lives in the account that it names, and keeps it from being disconnected', async () => {
  const accountId = await connected()
  const { payload, code } = await create(accountId)
  expect(code).toBe(202)
  expect(await disconnect(accountId)).toMatchObject({ code: 409, message: expect.stringContaining('use the account') })
  expect(await waitFor(here.api, payload.id, 'run')).toMatchObject({ end: 'running' })
  await here.terminated(payload.id)
  expect(await disconnect(accountId)).toMatchObject({ code: 200 })
  expect(await create(accountId)).toMatchObject({ code: 400, error: { field: 'accountId' } })
}, 60_000)

test('of a creation and a disconnection at once, one sees the other', async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 6 }, async () => {
      const accountId = await connected()
      const [made, gone] = await Promise.all([create(accountId), disconnect(accountId)])
      if (made.code === 202) {
        await here.api.call('DELETE', `/api/clusters/${made.payload.id}`)
        expect(await waitFor(here.api, made.payload.id, 'delete')).toMatchObject({ end: 'gone' })
      }
      return [made.code, gone.code]
    }),
  )
  for (const outcome of outcomes)
    expect([
      [202, 409],
      [400, 200],
      [400, 409],
    ]).toContainEqual(outcome)
}, 60_000)
