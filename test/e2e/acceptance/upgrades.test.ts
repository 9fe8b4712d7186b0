import { PATIENCE_MS, sideBySide } from '../journeys/stage.ts'
import { acceptance } from './acceptance.ts'

const { cluster, here } = acceptance()

const D4 = 'Standard_D4_v3'
const OLD = '3.8.0'
const NEW = '3.9.0'

// The role is that of all clusters, so nothing runs beside it.
test(
  'an upgrade that lacks a permission goes on with a start, once it has it',
  async () => {
    const [resource, block] = cluster()
    await resource.apply({ ...block, version: OLD })
    const role = (change: object) => here.turn('roles', { roleName: 'Slipway control plane', ...change })
    const actions = ['Microsoft.Compute/snapshots/write']
    await role({ remove: actions })
    await expect(resource.apply({ ...block, version: NEW })).rejects.toThrow(/failed while waiting for the cluster .*snapshots\/write/s)
    await role({ add: actions })
    expect(await here.client.cluster(resource.id)).toMatchObject({ state: 'error', activationState: 'startable' })
    expect(await resource.apply({ ...block, version: NEW, updateState: 'start' })).toMatchObject({ state: 'running', version: NEW })
    await here.destroyed(resource)
  },
  PATIENCE_MS,
)

sideBySide({
  async 'a new version is an upgrade, its workers included'() {
    const [resource, block] = cluster()
    const with2 = { ...block, workers: [{ instanceType: D4, count: 2 }] }
    const before = await resource.apply({ ...with2, version: OLD })
    const { upgradeInProgress, ...after } = await resource.apply({ ...with2, version: NEW })
    expect(upgradeInProgress).toBeUndefined()
    expect(after).toMatchObject({ version: NEW, state: 'running', activationState: 'stoppable', url: before.url })
    await resource.importVerify()
    await here.destroyed(resource)
  },

  async 'an upgrade that fails is rolled back by the old version in the block; the cluster is stopped, and starts as it was'() {
    const [resource, block] = cluster()
    const workers = [{ instanceType: D4 }]
    const old = { ...block, version: OLD, workers }
    await resource.apply(old)
    const mend = here.spoil({ match: { path: `/${block.name}-master-g2$` }, fault: 'install-fails' })
    await expect(resource.apply({ ...old, version: NEW })).rejects.toThrow(/failed while waiting for the cluster .* roll back/s)
    // By this Terraform knows what to roll back.
    expect(await here.client.cluster(resource.id)).toMatchObject({
      state: 'error',
      version: NEW,
      upgradeInProgress: { from: OLD, to: NEW },
    })
    mend()
    const { upgradeInProgress, ...after } = await resource.apply(old)
    expect(upgradeInProgress).toBeUndefined()
    expect(after).toMatchObject({ state: 'stopped', activationState: 'startable', version: OLD })
    expect(await resource.apply({ ...old, updateState: 'start' })).toMatchObject({ state: 'running', version: OLD })
    await here.destroyed(resource)
  },

  async 'a cluster that is stopped is upgraded too, and runs afterwards'() {
    const [resource, block] = cluster()
    await resource.apply({ ...block, version: OLD })
    await resource.apply({ ...block, version: OLD, updateState: 'stop' })
    expect(await resource.apply({ ...block, version: NEW })).toMatchObject({ state: 'running', version: NEW })
    await here.destroyed(resource)
  },
})
