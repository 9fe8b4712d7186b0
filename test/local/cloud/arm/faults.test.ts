import { fakeClock } from '../../../../local/clock.ts'
import type { FaultPlan } from '../../../../local/cloud/fault-plan.ts'
import { type TestCloud, testCloud } from '../sdk.ts'
import { widgetProvider } from './widgets.ts'

describe('the fault plan', () => {
  const clock = fakeClock(Date.now())
  let cloud: TestCloud
  let widget: string
  beforeAll(async () => {
    cloud = await testCloud({ providers: [widgetProvider], clock })
    const group = `/subscriptions/${cloud.landingZone.subscriptionId}/resourceGroups/slipway`
    widget = `${group}/providers/Microsoft.Widgets/widgets`
  })
  afterAll(() => cloud.stop())

  const plan = (...rules: FaultPlan['rules']) => cloud.send('PUT', '/_slipway/faults', { rules })
  const put = (name: string, properties = {}) =>
    cloud.send('PUT', `${widget}/${name}?api-version=2024-01-01`, { location: 'northeurope', properties })
  const get = (name: string) => cloud.send('GET', `${widget}/${name}?api-version=2024-01-01`)
  const refusal = ({ status, body }: { status: number; body: { error: { code: string } } }) => [status, body.error.code]

  it('throttles the second write alone', async () => {
    await plan({ match: { operation: 'microsoft.widgets/widgets/write', nth: 2 }, fault: 'throttle', retryAfter: 3 })
    expect((await put('a')).status).toBe(201)
    const throttled = await put('b')
    expect(throttled.headers.get('retry-after')).toBe('3')
    expect(refusal(throttled)).toEqual([429, 'SubscriptionRequestsThrottled'])
    expect((await put('b')).status).toBe(201)
  })

  it('answers with a server error, at most so many times', async () => {
    await plan({ match: { method: 'GET', times: 1 }, fault: 'error', status: 500, code: 'InternalServerError' })
    expect(refusal(await get('a'))).toEqual([500, 'InternalServerError'])
    expect((await get('a')).status).toBe(200)
  })

  it('cuts the connection before anything is done', async () => {
    await plan({ match: { path: '/widgets/reset$', times: 1 }, fault: 'reset' })
    await expect(put('reset')).rejects.toThrow()
    expect((await get('reset')).status).toBe(404)
  })

  it('loses the answer of what was done', async () => {
    await plan({ match: { method: 'PUT', path: '/widgets/lost$', times: 1 }, fault: 'lost-response' })
    await expect(put('lost')).rejects.toThrow()
    expect((await get('lost')).status).toBe(200)
  })

  it('denies an action in the words of RBAC', async () => {
    await plan({ match: { operation: 'Microsoft.Widgets/widgets/delete' }, fault: 'deny' })
    const denied = await cloud.send('DELETE', `${widget}/a?api-version=2024-01-01`)
    expect(refusal(denied)).toEqual([403, 'AuthorizationFailed'])
  })

  it('lets providers word a quota', async () => {
    await plan({ match: { operation: 'Microsoft.Widgets/widgets/write' }, fault: 'quota' })
    expect(refusal(await put('one-too-many'))).toEqual([409, 'OperationNotAllowed'])
  })

  it('lets an operation fail or never end', async () => {
    await plan(
      { match: { path: '/widgets/fails$' }, fault: 'fail', code: 'AllocationFailed', message: 'No room.' },
      { match: { path: '/widgets/stuck$' }, fault: 'stuck' },
    )
    const state = async (name: string) => (await get(name)).body.properties.provisioningState
    await put('stuck', { slow: true })
    const failing = await put('fails', { slow: true })
    expect(await state('fails')).toBe('Creating')
    clock.advance(60_000)
    expect(await state('fails')).toBe('Failed')
    const operation = new URL(failing.headers.get('azure-asyncoperation') ?? '')
    const status = await cloud.send('GET', operation.pathname + operation.search)
    expect(status.body.error).toEqual({ code: 'AllocationFailed', message: 'No room.' })
    expect(await state('stuck')).toBe('Creating')
  })

  it('is counted, cleared, and checked', async () => {
    await plan({ match: { method: 'GET', path: '/widgets/a$' }, fault: 'error' })
    await get('a')
    expect((await cloud.send('GET', '/_slipway/faults')).body.counts).toEqual([{ seen: 1, struck: 1 }])
    await cloud.send('DELETE', '/_slipway/faults')
    expect((await get('a')).status).toBe(200)
    expect((await cloud.send('PUT', '/_slipway/faults', { rules: [{ match: { path: '(' }, fault: 'reset' }] })).status).toBe(400)
  })

  it('strikes the token endpoint too', async () => {
    await plan({ match: { operation: 'token', times: 1 }, fault: 'error', status: 503 })
    const { clientId, clientSecret } = cloud.landingZone.you
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      scope: 'x/.default',
    })
    const ask = () => fetch(`${cloud.url}/${cloud.landingZone.tenantId}/oauth2/v2.0/token`, { method: 'POST', body })
    expect((await ask()).status).toBe(503)
    expect((await ask()).status).toBe(200)
  })
})
