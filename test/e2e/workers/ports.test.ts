import { until } from '../../until.ts'
import { sideBySide, stage } from '../journeys/stage.ts'

const here = stage()

const closed = { featureStore: false, onlineFeatureStore: false, kafka: false, ssh: false }

const open = (id: string, ports: object, query = '') =>
  here.api.call<{ operation: string }>('POST', `/api/clusters/${id}/ports${query}`, { ports })

/** The rules of a security group: name, priority, ports. */
const rulesOf = (group: string) =>
  [...here.inventory().values()]
    .filter(({ id, type }) => /securityRules$/i.test(type) && id.toLowerCase().includes(`/${group.toLowerCase()}/`))
    .map(({ name, properties }) => [name, properties.priority, properties.destinationPortRanges])
    .sort()

const web = [
  ['http', 100, ['80']],
  ['https', 110, ['443']],
]

async function opened(id: string, ports: object): Promise<void> {
  const { code, payload } = await open(id, ports)
  expect(code).toBe(202)
  // Terraform reads the cluster at once.
  expect(await here.api.cluster(id)).toMatchObject({ ports })
  expect(await here.settled(payload.operation)).toMatchObject({ kind: 'open-ports', state: 'succeeded' })
  expect(await here.api.cluster(id)).toMatchObject({ ports })
}

const given = () => {
  const { existingNetwork } = here.world.cloud.landingZone
  return {
    attachPublicIP: false,
    networkResourceGroup: existingNetwork.resourceGroup,
    virtualNetworkName: existingNetwork.virtualNetwork,
    subnetName: existingNetwork.subnet,
    securityGroupName: existingNetwork.networkSecurityGroup,
  }
}

sideBySide({
  async 'ports open and close while a cluster runs, while it is stopped, and beside what else goes on'() {
    const { id } = await here.created()
    const group = `hopsworksai-nsg-${id.slice(-12)}`
    await opened(id, { ...closed, ssh: true, kafka: true })
    expect(rulesOf(group)).toEqual([...web, ['kafka', 220, ['9092']], ['ssh', 230, ['22']]])
    expect(await here.api.cluster(id)).toMatchObject({ state: 'running', activationState: 'stoppable' })

    // One apply sends all of this without a pause.
    const first = await open(id, { ...closed, featureStore: true })
    const second = await open(id, { ...closed, onlineFeatureStore: true })
    expect([first.code, second.code]).toEqual([202, 202])
    await here.stopped(id)
    await here.settled(second.payload.operation)
    expect(rulesOf(group)).toEqual([...web, ['online-feature-store', 210, ['3306']]])

    await opened(id, closed)
    expect(rulesOf(group)).toEqual(web)
    await opened(id, { ...closed, ssh: true })
    await open(id, closed)
    await here.terminated(id)
  },

  async 'in a group that was brought along only the rules of the cluster come and go'() {
    const { existingNetwork } = here.world.cloud.landingZone
    const before = rulesOf(existingNetwork.networkSecurityGroup)
    const { id } = await here.created(given())
    const mine = (service: string) => `slipway-${id.slice(-12)}-${service}`
    await opened(id, { ...closed, ssh: true, kafka: true })
    const priorities = new Map(rulesOf(existingNetwork.networkSecurityGroup).map(([name, priority]) => [name, priority]))
    expect([priorities.get(mine('ssh')), priorities.get(mine('kafka'))]).toEqual([230, 220])
    await opened(id, { ...closed, ssh: true })
    expect(rulesOf(existingNetwork.networkSecurityGroup).map(([name]) => name)).toEqual(
      [...before.map(([name]) => name), mine('ssh')].sort(),
    )
    await here.terminated(id)
    expect(rulesOf(existingNetwork.networkSecurityGroup)).toEqual(before)
  },

  async 'what Azure refuses is not shown as open'() {
    const { id } = await here.created()
    const mend = here.spoil({
      fault: 'deny',
      match: { operation: 'Microsoft.Network/networkSecurityGroups/write', path: `hopsworksai-nsg-${id.slice(-12)}` },
    })
    const { payload } = await open(id, { ...closed, ssh: true })
    expect(await here.settled(payload.operation)).toMatchObject({
      state: 'failed',
      problem: { code: 'permission', action: 'Microsoft.Network/networkSecurityGroups/write' },
    })
    expect(await here.api.cluster(id)).toMatchObject({ state: 'running', ports: closed })
    mend()
    expect(await here.api.call('POST', `/api/operations/${payload.operation}/retry`)).toMatchObject({ code: 409 })
    await opened(id, { ...closed, ssh: true })
    await here.terminated(id)
  },

  async 'ports of what is not there, not up yet or badly asked for are refused, and a dry run opens nothing'() {
    expect(await open('01932c5e-0000-7000-8000-000000000000', closed)).toMatchObject({ code: 404 })
    const id = await here.api.create(here.small())
    expect(await open(id, closed)).toMatchObject({ code: 409 })
    await until(async () => (await here.api.cluster(id))?.state === 'running')
    expect(await open(id, { ssh: 'yes' })).toMatchObject({ code: 400, error: { field: 'ports.ssh' } })
    expect(await open(id, { ...closed, ssh: true }, '?dryRun=true')).toMatchObject({
      code: 200,
      payload: { plan: { touches: [expect.any(String)] } },
    })
    expect(await here.api.cluster(id)).toMatchObject({ ports: closed })
    await here.terminated(id)
    expect(rulesOf(`hopsworksai-nsg-${id.slice(-12)}`)).toEqual([])
  },
})

test('whoever lacks the right to a group that was brought along is told before anything is begun', async () => {
  const { id } = await here.created(given())
  const lacking = 'Microsoft.Network/networkSecurityGroups/securityRules/write'
  const { landingZone, azure } = here.world.cloud
  const role = azure.resources
    .ofType('Microsoft.Authorization/roleDefinitions')
    .find(({ properties }) => JSON.stringify(properties).includes(lacking))
  const roleName = role?.properties.roleName
  await here.turn('roles', { roleName, remove: [lacking] })
  expect(await open(id, { ...closed, ssh: true })).toMatchObject({
    code: 409,
    error: { code: 'permission', action: lacking, remedy: expect.stringContaining('az role assignment create') },
  })
  expect(await open(id, { ...closed, ssh: true }, '?dryRun=true')).toMatchObject({ code: 409, error: { action: lacking } })
  expect(rulesOf(landingZone.existingNetwork.networkSecurityGroup).map(([name]) => name)).not.toContain(`slipway-${id.slice(-12)}-ssh`)
  await here.turn('roles', { roleName, add: [lacking] })
  await opened(id, { ...closed, ssh: true })
  await here.terminated(id)
}, 60_000)

test('a change that Azure breaks off is shown as far as it came, and termination takes back what it has opened', async () => {
  const { networkSecurityGroup } = here.world.cloud.landingZone.existingNetwork
  const before = rulesOf(networkSecurityGroup)
  const { id } = await here.created(given())
  const mend = here.spoil({
    fault: 'deny',
    match: { operation: 'Microsoft.Network/networkSecurityGroups/securityRules/write', path: `${id.slice(-12)}-(kafka|ssh)` },
  })
  const { payload } = await open(id, { featureStore: true, onlineFeatureStore: true, kafka: true, ssh: true })
  expect((await here.settled(payload.operation)).state).toBe('failed')
  expect(await here.api.cluster(id)).toMatchObject({ ports: { ...closed, featureStore: true, onlineFeatureStore: true } })
  mend()
  await opened(id, closed)
  expect(rulesOf(networkSecurityGroup)).toEqual(before)

  // A rule that was written and never seen.
  const blind = here.spoil({ fault: 'deny', match: { operation: 'Microsoft.Network/networkSecurityGroups/read', nth: 2 } })
  const unseen = await open(id, { ...closed, ssh: true })
  expect((await here.settled(unseen.payload.operation)).state).toBe('failed')
  expect(rulesOf(networkSecurityGroup)).not.toEqual(before)
  blind()
  await here.terminated(id)
  expect(rulesOf(networkSecurityGroup)).toEqual(before)
}, 60_000)
