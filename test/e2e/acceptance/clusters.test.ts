import { sideBySide } from '../journeys/stage.ts'
import { acceptance } from './acceptance.ts'

const { cluster, here } = acceptance()

const D4 = 'Standard_D4_v3'
const D8 = 'Standard_D8_v3'
const CLOSED = { ssh: false, kafka: false, featureStore: false, onlineFeatureStore: false }

sideBySide({
  async '_basic: created, imported, ports opened, stopped, ports changed while it is stopped, started'() {
    const [resource, block] = cluster()
    expect(await resource.apply(block)).toMatchObject({
      url: expect.stringMatching(/^https:/),
      state: 'running',
      activationState: 'stoppable',
      clusterConfiguration: { workers: [] },
      ports: CLOSED,
      azure: { virtualNetworkName: expect.stringMatching(/./), subnetName: expect.stringMatching(/./) },
    })
    await resource.importVerify()
    await expect(resource.apply({ ...block, updateState: 'start' })).rejects.toThrow('cluster is already running')
    expect(await resource.apply({ ...block, openPorts: { ssh: true, kafka: true } })).toMatchObject({
      ports: { ...CLOSED, ssh: true, kafka: true },
    })
    expect(await resource.apply({ ...block, updateState: 'stop' })).toMatchObject({
      state: 'stopped',
      activationState: 'startable',
      ports: { ssh: true },
    })
    const openPorts = { featureStore: true, onlineFeatureStore: true }
    expect(await resource.apply({ ...block, openPorts })).toMatchObject({ ports: { ...CLOSED, ...openPorts } })
    await expect(resource.apply({ ...block, updateState: 'stop' })).rejects.toThrow('cluster is already stopped')
    expect(await resource.apply({ ...block, updateState: 'start' })).toMatchObject({
      state: 'running',
      activationState: 'stoppable',
      ports: { ...CLOSED, ...openPorts },
    })
    await here.destroyed(resource)
  },

  async '_workers: sizes, disks and counts come and go'() {
    const [resource, block] = cluster()
    const small = { instanceType: D4, diskSize: 256 }
    await resource.apply({ ...block, workers: [{ ...small, count: 2 }] })
    await resource.importVerify()
    for (const workers of [
      [{ ...small, count: 1 }, { instanceType: D4 }],
      [{ ...small, count: 1 }, { instanceType: D4 }, { instanceType: D8 }],
      [{ instanceType: D8 }],
      [{ instanceType: D8, count: 2 }, { instanceType: D4 }],
      [{ instanceType: D8 }],
      [],
    ])
      expect(await resource.apply({ ...block, workers })).toMatchObject({ state: 'running', activationState: 'stoppable' })
    await here.destroyed(resource)
  },

  async '_workers: spot machines in place of others of their size, beside them, and back'() {
    const [resource, block] = cluster()
    const spot = { maxPricePercent: 10 }
    await resource.apply({ ...block, workers: [{ instanceType: D8 }] })
    for (const workers of [
      [{ instanceType: D8, spot, count: 2 }],
      // Only the count differs: the provider leaves the price out, and the spot workers are meant.
      [{ instanceType: D8, spot }],
      [{ instanceType: D8, spot }, { instanceType: D8 }],
      [{ instanceType: D8, spot }],
      [{ instanceType: D8 }],
    ])
      expect(await resource.apply({ ...block, workers })).toMatchObject({ state: 'running', activationState: 'stoppable' })
    await resource.importVerify()
    await here.destroyed(resource)
  },

  async '_RonDB: a database of its own machines, an api node among them'() {
    const [resource, block] = cluster()
    const D2s = { instanceType: 'Standard_D2s_v4' }
    const rondb = { management: D2s, data: { instanceType: 'Standard_D4s_v4' }, mysql: D2s, api: { ...D2s, count: 1 } }
    expect(await resource.apply({ ...block, rondb })).toMatchObject({
      ronDB: {
        allInOne: false,
        configuration: { ndbdDefault: { replicationFactor: 2 } },
        mgmd: { privateIps: [expect.any(String)] },
        ndbd: { count: 2, privateIps: [expect.any(String), expect.any(String)] },
        api: { count: 1, privateIps: [expect.any(String)] },
      },
    })
    await resource.importVerify()

    await resource.apply({ ...block, rondb, updateState: 'stop' })
    const D4s = { instanceType: 'Standard_D4s_v4' }
    const larger = { ...rondb, data: { instanceType: 'Standard_D8s_v4' }, mysql: D4s, api: { ...D4s, count: 1 } }
    expect(await resource.apply({ ...block, rondb: larger })).toMatchObject({
      state: 'stopped',
      ronDB: { ndbd: { instanceType: 'Standard_D8s_v4' } },
    })
    expect(await resource.apply({ ...block, rondb: larger, updateState: 'start' })).toMatchObject({ state: 'running' })
    await here.destroyed(resource)
  },

  async 'what is set to anything but its default comes back as it was given'() {
    const [resource, block] = cluster()
    const unusual = {
      ...block,
      head: { instanceType: D8, diskSize: 256 },
      tags: { Team: 'ML & "data"', 'no value': '' },
      openPorts: { kafka: true },
      settings: {
        issueLetsEncrypt: false,
        attachPublicIP: false,
        managedUsers: false,
        initScript: '#!/usr/bin/env bash\necho "100% \\n <&> ä"\n',
        runInitScriptFirst: true,
        deactivateLogReport: true,
      },
    }
    await resource.apply(unusual)
    await resource.importVerify()
    await resource.apply({ ...unusual, updateState: 'stop' })
    await resource.apply({ ...unusual, updateState: 'start' })
    await here.destroyed(resource)
  },

  async '_Autoscale: workers that scale, on demand and as spot machines'() {
    const [resource, block] = cluster()
    const autoscale = { instanceType: D4 }
    expect(await resource.apply({ ...block, autoscale })).toMatchObject({
      state: 'running',
      clusterConfiguration: { workers: [] },
      autoscale: { nonGpu: { instanceType: D4, minWorkers: 0, maxWorkers: 10, standbyWorkers: 0.5, downscaleWaitTime: 300 } },
    })
    expect(await resource.apply({ ...block, autoscale: { ...autoscale, spot: {} } })).toMatchObject({
      state: 'running',
      autoscale: { nonGpu: { spotInfo: { maxPrice: 100, fallBackOnDemand: true } } },
    })
    await resource.importVerify()
    await resource.apply({ ...block, autoscale })
    await here.destroyed(resource)
  },

  async '_Autoscale_Update: from workers of their own to scaling, to none, and back'() {
    const [resource, block] = cluster()
    const workers = [{ instanceType: D4 }]
    await resource.apply({ ...block, workers })
    await resource.importVerify()
    expect(await resource.apply({ ...block, autoscale: { instanceType: D4 } })).toMatchObject({
      state: 'running',
      autoscale: { nonGpu: { instanceType: D4 } },
    })
    expect((await resource.apply(block)).autoscale).toBeUndefined()
    expect(await resource.apply({ ...block, workers })).toMatchObject({ state: 'running', activationState: 'stoppable' })
    // In one apply the provider adds the workers before it ends the scaling.
    await resource.apply({ ...block, autoscale: { instanceType: D4 } })
    expect(await resource.apply({ ...block, workers })).toMatchObject({
      state: 'running',
      clusterConfiguration: { workers: [{ count: 1 }] },
    })
    await here.destroyed(resource)
  },

  async '_Head_upscale: the head takes another size while the cluster is stopped'() {
    const [resource, block] = cluster()
    const head = { instanceType: D8 }
    await resource.apply({ ...block, head })
    await resource.importVerify()
    await resource.apply({ ...block, head, updateState: 'stop' })
    const larger = { instanceType: 'Standard_D16_v3' }
    expect(await resource.apply({ ...block, head: larger })).toMatchObject({ state: 'stopped', clusterConfiguration: { head: larger } })
    const mend = here.spoil({
      fault: 'quota',
      match: { operation: 'Microsoft.Compute/virtualMachines/write', path: `/${block.name}-master` },
    })
    await expect(resource.apply({ ...block, head: larger, updateState: 'start' })).rejects.toThrow('failed while waiting')
    for (const size of [head, larger])
      expect(await resource.apply({ ...block, head: size })).toMatchObject({ state: 'error', clusterConfiguration: { head: size } })
    mend()
    expect(await resource.apply({ ...block, head: larger, updateState: 'start' })).toMatchObject({ state: 'running' })
    await resource.importVerify()
    await here.destroyed(resource)
  },
})
