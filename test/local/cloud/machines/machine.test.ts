import type { ComputeManagementClient } from '@azure/arm-compute'
import { until } from '../../../until.ts'
import { clientsOf, GROUP, machineModel, makeNic, powerState, soon } from '../compute/compute-world.ts'
import { type TestCloud, testCloud } from '../sdk.ts'
import { type HeartbeatApi, heartbeatApi } from './api.ts'

let cloud: TestCloud
let compute: ComputeManagementClient
let api: HeartbeatApi

beforeEach(async () => {
  api = await heartbeatApi()
  cloud = await testCloud()
  compute = clientsOf(cloud).compute
})
afterEach(async () => {
  await cloud.stop()
  await api.close()
})

/** Custom data of a head, as the control plane sends it. */
function bootData(install: object | null, name: string): string {
  const agent = {
    api: api.url,
    key: 'swa_key',
    clusterId: 'c',
    nodeId: 'n1',
    nodeName: name,
    version: '3.9.0',
    heartbeatSeconds: 0.05,
    install,
  }
  const document = { write_files: [{ path: '/etc/slipway/agent.json', permissions: '0600', content: JSON.stringify(agent) }], runcmd: [] }
  return Buffer.from(`#cloud-config\n${JSON.stringify(document)}`).toString('base64')
}

async function bootHead(install: object | null = null, name = 'one-master') {
  const customData = bootData(install, name)
  await makeNic(cloud, clientsOf(cloud).network, name)
  const model = machineModel(cloud, name)
  return await compute.virtualMachines.createOrUpdate(GROUP, name, { ...model, osProfile: { ...model.osProfile, customData } }, soon)
}

const last = () => api.beats.at(-1)?.body.agent
const ready = () => until(() => last()?.state === 'ready')

/** No heartbeat comes in any more: none does in the time of several. */
async function silence() {
  for (let heard = -1; heard !== api.beats.length; ) {
    heard = api.beats.length
    const end = cloud.azure.clock.now() + 250
    await until(() => api.beats.length > heard || cloud.azure.clock.now() > end)
  }
}

describe('a head node', () => {
  test('boots and sends heartbeats until Hopsworks runs, and on', async () => {
    await bootHead({ command: ['true'] })
    await ready()
    const states = api.beats.map(({ body }) => body.agent.state)
    expect([...new Set(states)]).toEqual(['installing', 'starting', 'ready'].filter((state) => states.includes(state)))
    const before = api.beats.length
    await until(() => api.beats.length > before + 2)
  })

  test('is silent once deallocated, and boots anew without installing when started', async () => {
    await bootHead({ command: ['true'] })
    await ready()
    const first = last()?.bootId
    await compute.virtualMachines.deallocate(GROUP, 'one-master', soon)
    await silence()
    const before = api.beats.length
    await compute.virtualMachines.start(GROUP, 'one-master', soon)
    await until(() => last()?.bootId !== first && last()?.state === 'ready')
    expect(api.beats.slice(before).map(({ body }) => body.agent.state)).not.toContain('installing')
  })

  test('has another boot id after a restart', async () => {
    await bootHead()
    await ready()
    const first = last()?.bootId
    await compute.virtualMachines.restart(GROUP, 'one-master', soon)
    await until(() => last()?.bootId !== first)
  })

  test('is silent once deleted', async () => {
    await bootHead()
    await ready()
    await compute.virtualMachines.delete(GROUP, 'one-master', soon)
    await silence()
    expect(cloud.azure.records('machines').list()).toEqual([])
  })

  test('goes on as the same boot after the simulator was killed', async () => {
    await bootHead({ command: ['true'] })
    await ready()
    const { bootId } = last() ?? {}
    api.payload = { commands: [{ id: 'b', type: 'BACKUP', backupId: 'x' }] }
    await until(() => api.beats.at(-1)?.body.commandsStatus.b?.status === 'SUCCEED')
    await cloud.kill()
    api.beats.length = 0
    cloud = await cloud.restart()
    compute = clientsOf(cloud).compute
    await until(() => api.beats.length > 1)
    expect(api.beats.at(-1)?.body).toMatchObject({ agent: { bootId, state: 'ready' }, commandsStatus: { b: { status: 'SUCCEED' } } })
  })

  test('whose making was under way when the simulator was killed is made after all, once', async () => {
    await cloud.stop()
    cloud = await testCloud({ speed: 200 })
    compute = clientsOf(cloud).compute
    await makeNic(cloud, clientsOf(cloud).network, 'late')
    await compute.virtualMachines.createOrUpdate(GROUP, 'late', machineModel(cloud, 'late'), soon).submitted()
    const { vmId } = await compute.virtualMachines.get(GROUP, 'late')
    await cloud.kill()
    cloud = await cloud.restart()
    compute = clientsOf(cloud).compute
    await until(async () => (await powerState(compute, 'late')) === 'running')
    expect(await compute.virtualMachines.get(GROUP, 'late')).toMatchObject({ vmId, provisioningState: 'Succeeded' })
  })

  test('fails its installation, or says nothing, where the fault plan names it', async () => {
    cloud.setFaults({
      rules: [
        { match: { path: 'doomed' }, fault: 'install-fails' },
        { match: { path: 'mute' }, fault: 'agent-silent' },
      ],
    })
    await bootHead({ command: ['true'] }, 'doomed')
    await until(() => last()?.state === 'failed')
    await compute.virtualMachines.delete(GROUP, 'doomed', soon)
    await silence()
    const before = api.beats.length
    await bootHead(null, 'mute')
    await until(() =>
      cloud.azure
        .records('machines')
        .list()
        .some(({ value }) => value.boot),
    )
    await silence()
    expect(api.beats).toHaveLength(before)
  })

  test('tells nobody its key: neither a GET nor the state of the simulator’s machines holds it', async () => {
    const machine = await bootHead()
    await ready()
    const read = await cloud.request('GET', `${machine.id}?api-version=2024-07-01&$expand=instanceView`)
    expect(await read.text()).not.toContain('swa_key')
    expect(JSON.stringify(cloud.azure.records('machines').list())).not.toContain('swa_key')
    expect(JSON.stringify(cloud.state())).not.toContain(bootData(null, 'one-master'))
  })
})
