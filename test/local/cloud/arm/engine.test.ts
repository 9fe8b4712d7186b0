import { fakeClock } from '../../../../local/clock.ts'
import { type TestCloud, testCloud } from '../sdk.ts'
import { widgetProvider } from './widgets.ts'

const V = 'api-version=2024-01-01'

describe('any resource type', () => {
  /** Stands still: what takes time is under way for as long as a test looks at it. */
  const clock = fakeClock(Date.now())
  const MINUTE = 60_000
  let cloud: TestCloud
  let group: string
  let widgets: string
  beforeAll(async () => {
    cloud = await testCloud({ providers: [widgetProvider], clock })
    group = `/subscriptions/${cloud.landingZone.subscriptionId}/resourceGroups/slipway`
    widgets = `${group}/providers/Microsoft.Widgets/widgets`
  })
  afterAll(() => cloud.stop())

  const send: TestCloud['send'] = (...request) => cloud.send(...request)
  const put = (name: string, properties: object = {}, headers?: Record<string, string>) =>
    send('PUT', `${widgets}/${name}?${V}`, { location: 'northeurope', properties }, headers)

  it('is made with 201, replaced with 200, and found by any spelling of its id', async () => {
    const made = await put('One')
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({ id: `${widgets}/One`, name: 'One', type: 'Microsoft.Widgets/widgets', location: 'northeurope' })
    expect(made.body.properties).toEqual({ speed: 1, provisioningState: 'Succeeded' })
    const again = await send('PUT', `${widgets.toUpperCase()}/ONE?${V}`, { location: 'North Europe', properties: { speed: 2 } })
    const other = await send('PUT', `${widgets.toUpperCase()}/Other?${V}`, { location: 'northeurope' })
    expect(other.body.id.replace(/^.*resourceGroups/, '')).toBe('/slipway/providers/Microsoft.Widgets/widgets/Other')
    expect([again.status, again.body.id, again.body.properties.speed]).toEqual([200, `${widgets}/One`, 2])
    expect(JSON.stringify(again.body)).not.toContain('hush')
  })

  it('needs an api-version that it knows', async () => {
    expect((await send('GET', `${widgets}/one`)).body.error.code).toBe('MissingApiVersionParameter')
    const unknown = await send('GET', `${widgets}/one?api-version=2001-01-01`)
    expect([unknown.status, unknown.body.error.code]).toEqual([400, 'InvalidResourceType'])
    expect(unknown.body.error.message).toContain("The supported api-versions are '2024-01-01, 2023-02-01-preview, 2023-01-01'")
    expect((await send('GET', `${widgets}/one?api-version=2023-02-01-PREVIEW`)).status).toBe(200)
    const onPut = await send('PUT', `${widgets}/one?api-version=2001-01-01`, { location: 'northeurope' })
    expect(onPut.body.error.code).toBe('NoRegisteredProviderFound')
  })

  it.each([
    ['a type that is not there', '/providers/Microsoft.Widgets/gadgets/x', 404, 'InvalidResourceType'],
    ['a namespace that is not there', '/providers/Microsoft.Nothing/gadgets/x', 404, 'InvalidResourceNamespace'],
    ['a resource that is not there', '/providers/Microsoft.Widgets/widgets/none', 404, 'ResourceNotFound'],
    ['a parent that is not there', '/providers/Microsoft.Widgets/widgets/none/gears', 404, 'ResourceNotFound'],
  ])('answers about %s in the words of ARM', async (_, path, status, code) => {
    const answer = await send('GET', `${group}${path}?${V}`)
    expect([answer.status, answer.body.error.code]).toEqual([status, code])
  })

  it('says which group is missing', async () => {
    const answer = await send('GET', `${widgets.replace('slipway', 'nope')}/x?${V}`)
    expect(answer.body.error).toEqual({ code: 'ResourceGroupNotFound', message: "Resource group 'nope' could not be found." })
  })

  it('says that a subscription is missing', async () => {
    const answer = await send('GET', `/subscriptions/00000000-0000-0000-0000-000000000bad/resourcegroups?api-version=2021-04-01`)
    expect([answer.status, answer.body.error.code]).toEqual([404, 'SubscriptionNotFound'])
  })

  it('refuses a nested resource without its parent, a wrong name, a wrong or other location, too many tags', async () => {
    expect((await send('PUT', `${widgets}/none/gears/g?${V}`, {})).body.error.code).toBe('ParentResourceNotFound')
    expect((await put('not_a_name')).body.error.code).toBe('InvalidResourceName')
    expect((await send('PUT', `${widgets}/x?${V}`, {})).body.error.code).toBe('LocationRequired')
    expect((await send('PUT', `${widgets}/x?${V}`, { location: 'atlantis' })).body.error.code).toBe('LocationNotAvailableForResourceType')
    await put('placed')
    expect((await send('PUT', `${widgets}/placed?${V}`, { location: 'eastus' })).body.error.code).toBe('InvalidResourceLocation')
    const tags = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`t${index}`, '']))
    expect((await send('PUT', `${widgets}/x?${V}`, { location: 'eastus', tags })).body.error.code).toBe('ResourceTagsLimitExceeded')
  })

  it('keeps its tags through a PATCH of nothing and changes them by a PATCH of tags', async () => {
    await send('PUT', `${widgets}/tagged?${V}`, { location: 'northeurope', tags: { a: '1' } })
    expect((await send('PATCH', `${widgets}/tagged?${V}`, {})).body.tags).toEqual({ a: '1' })
    expect((await send('PATCH', `${widgets}/tagged?${V}`, { tags: { b: '2' } })).body.tags).toEqual({ b: '2' })
  })

  it('honours If-Match and If-None-Match', async () => {
    const made = await put('matched')
    const etag = made.headers.get('etag') ?? ''
    expect(made.body.etag).toBe(etag)
    expect((await put('matched', {}, { 'If-None-Match': '*' })).status).toBe(412)
    expect((await put('matched', { speed: 2 }, { 'If-Match': etag })).status).toBe(200)
    const stale = await put('matched', { speed: 3 }, { 'If-Match': etag })
    expect([stale.status, stale.body.error.code]).toEqual([412, 'PreconditionFailed'])
    expect((await put('unmatched', {}, { 'If-Match': '*' })).status).toBe(412)
  })

  it('takes its time: 201 with Azure-AsyncOperation, Creating, then Succeeded', async () => {
    const made = await put('slow', { slow: true })
    expect([made.status, made.body.properties.provisioningState]).toEqual([201, 'Creating'])
    const operation = new URL(made.headers.get('azure-asyncoperation') ?? '')
    expect((await send('GET', operation.pathname + operation.search)).body.status).toBe('InProgress')

    const meanwhile = await put('slow', { slow: true })
    expect([meanwhile.status, meanwhile.body.error.code]).toEqual([409, 'AnotherOperationInProgress'])

    clock.advance(MINUTE)
    expect((await send('GET', operation.pathname + operation.search)).body.status).toBe('Succeeded')
    expect((await send('GET', `${widgets}/slow?${V}`)).body.properties).toEqual({
      speed: 1,
      finished: true,
      provisioningState: 'Succeeded',
    })
  })

  it('fails at the end with nothing half done but itself', async () => {
    const made = await put('broken', { slow: true, broken: true })
    const operation = new URL(made.headers.get('azure-asyncoperation') ?? '')
    clock.advance(MINUTE)
    const status = (await send('GET', operation.pathname + operation.search)).body
    expect([status.status, status.error]).toEqual(['Failed', { code: 'WidgetBroke', message: 'The widget broke.' }])
    expect((await send('GET', `${widgets}/broken?${V}`)).body.properties.provisioningState).toBe('Failed')
    expect((await send('GET', `${widgets}/broken/gears?${V}`)).body.value).toEqual([])
  })

  it('goes with 202 and what is nested in it; a second DELETE waits for the same end, a third finds nothing', async () => {
    await put('doomed')
    await send('PUT', `${widgets}/doomed/gears/g?${V}`, {})
    const first = await send('DELETE', `${widgets}/doomed?${V}`)
    const second = await send('DELETE', `${widgets}/doomed?${V}`)
    expect([first.status, second.status]).toEqual([202, 202])
    expect(second.headers.get('location')).toBe(first.headers.get('location'))
    expect(first.headers.get('retry-after')).toBe('1')
    expect((await send('GET', `${widgets}/doomed?${V}`)).body.properties.provisioningState).toBe('Deleting')
    const location = new URL(first.headers.get('location') ?? '')
    expect((await send('GET', location.pathname + location.search)).status).toBe(202)
    clock.advance(MINUTE)
    expect((await send('GET', location.pathname + location.search)).status).toBe(204)
    expect((await send('GET', `${widgets}/doomed/gears/g?${V}`)).status).toBe(404)
    expect(cloud.azure.records('widgets/removed').get('g')).toBeDefined()
    expect((await send('DELETE', `${widgets}/doomed?${V}`)).status).toBe(204)
  })

  it('gives the result of an action at its Location', async () => {
    await put('spinner')
    const spun = await send('POST', `${widgets}/spinner/SPIN?${V}`)
    expect(spun.status).toBe(202)
    const location = new URL(spun.headers.get('location') ?? '')
    clock.advance(MINUTE)
    expect((await send('GET', location.pathname + location.search)).body).toEqual({ spun: 'spinner' })
    expect((await send('GET', `${widgets}/spinner/peek?${V}`)).body).toEqual({ seen: 'spinner' })
  })

  it('is listed by subscription, group and parent, a page at a time', async () => {
    await put('listed')
    await send('PUT', `${widgets}/listed/gears/a?${V}`, {})
    await send('PUT', `${widgets}/listed/gears/b?${V}`, {})
    const everywhere = `/subscriptions/${cloud.landingZone.subscriptionId}/providers/Microsoft.Widgets/widgets?${V}`
    const names = (answer: { body: { value: { name: string }[] } }) => answer.body.value.map(({ name }) => name)
    expect(names(await send('GET', everywhere))).toContain('listed')
    expect(names(await send('GET', `${widgets}?${V}`))).toContain('listed')
    const first = await send('GET', `${widgets}/listed/gears?${V}&$top=1`)
    const next = new URL(first.body.nextLink)
    expect([...names(first), ...names(await send('GET', next.pathname + next.search))]).toEqual(['a', 'b'])
  })

  it('asks for a token, and says how to get one', async () => {
    const missing = await cloud.request('GET', `${widgets}/one?${V}`, { token: null })
    expect([missing.status, await missing.json()]).toMatchObject([401, { error: { code: 'AuthenticationFailed' } }])
    expect(missing.headers.get('www-authenticate')).toContain(
      `authorization_uri="https://login.microsoftonline.com/${cloud.landingZone.tenantId}"`,
    )
    const token = (await cloud.owner.getToken('https://management.azure.com/.default')).token
    const forged = `${token.slice(0, -4)}AAAA`
    const refused = await cloud.request('GET', `${widgets}/one?${V}`, { token: forged })
    expect([refused.status, await refused.json()]).toMatchObject([401, { error: { code: 'InvalidAuthenticationToken' } }])
    const elsewhere = (await cloud.owner.getToken('https://storage.azure.com/.default')).token
    expect((await cloud.request('GET', `${widgets}/one?${V}`, { token: elsewhere })).status).toBe(401)
  })

  it('cannot be written in a subscription that is not registered for its namespace', async () => {
    const registration = `/subscriptions/${cloud.landingZone.subscriptionId}/providers/Microsoft.Widgets`
    await send('POST', `${registration}/unregister?api-version=2021-04-01`)
    const refused = await put('early')
    expect([refused.status, refused.body.error.code]).toEqual([409, 'MissingSubscriptionRegistration'])
    expect((await send('POST', `${registration}/register?api-version=2021-04-01`)).body.registrationState).toBe('Registering')
    clock.advance(MINUTE)
    expect((await send('GET', `${registration}?api-version=2021-04-01`)).body.registrationState).toBe('Registered')
    expect((await put('early')).status).toBe(201)
  })

  it('reports what is left of the request limits and answers with ids', async () => {
    const answer = await send('GET', `${widgets}/one?${V}`, undefined, { 'x-ms-client-request-id': 'mine' })
    expect(Number(answer.headers.get('x-ms-ratelimit-remaining-subscription-reads'))).toBeGreaterThan(0)
    expect(answer.headers.get('x-ms-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect(answer.headers.get('x-ms-client-request-id')).toBe('mine')
  })

  it.each([
    ['not JSON', '{', 400],
    ['a list', '[]', 400],
    ['too long', `{"x":"${'x'.repeat(4 * 1024 * 1024)}"}`, 413],
  ])('refuses a body that is %s', async (_, body, status) => {
    const token = (await cloud.owner.getToken('https://management.azure.com/.default')).token
    const answer = await fetch(`${cloud.url}${widgets}/x?${V}`, { method: 'PUT', body, headers: { Authorization: `Bearer ${token}` } })
    expect(answer.status).toBe(status)
  })
})
