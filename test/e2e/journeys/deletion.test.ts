import { until } from '../../until.ts'
import { waitFor } from '../waiters.ts'
import { held, PATIENCE_MS, sideBySide, stage } from './stage.ts'

const here = stage()

/** The cluster is in that state when it is deleted, and still it goes. */
async function terminatedIn(state: string, id: string): Promise<void> {
  await here.reached(id, state)
  await here.terminated(id)
}

async function put(id: string, what: 'stop' | 'start'): Promise<void> {
  expect(await here.api.call('PUT', `/api/clusters/${id}/${what}`)).toMatchObject({ code: 202 })
}

sideBySide({
  async pending() {
    const changes = here.small()
    here.spoil({
      ...held,
      match: {
        method: 'GET',
        path: `/containers/${changes.blobContainerName}$`,
        operation: 'Microsoft.Storage/storageAccounts/blobServices/containers/read',
      },
    })
    await terminatedIn('pending', await here.api.create(changes))
  },

  async initializing() {
    const changes = here.small()
    here.spoil({ ...held, match: { operation: 'Microsoft.Compute/virtualMachines/write', path: `/${changes.name}-` } })
    const id = await here.api.create(changes)
    await until(() => here.resourcesOf({ id, name: changes.name }).some(({ name }) => name.endsWith('-nic')))
    await terminatedIn('initializing', id)
  },

  async 'rondb-initializing'() {
    const changes = here.small()
    here.spoil({ fault: 'agent-silent', match: { path: `/${changes.name}-master$` } })
    await terminatedIn('rondb-initializing', await here.api.create(changes))
  },

  async running() {
    const { id } = await here.created()
    await terminatedIn('running', id)
    expect(await here.api.call('DELETE', `/api/clusters/${id}`)).toMatchObject({ status: 404, code: 404 })
  },

  async stopping() {
    const { id, name } = await here.created()
    here.spoil({ ...held, match: { path: `/${name}-master/deallocate$` } })
    await put(id, 'stop')
    await terminatedIn('stopping', id)
  },

  async stopped() {
    const { id } = await here.created()
    await here.stopped(id)
    await terminatedIn('stopped', id)
  },

  async starting() {
    const { id, name } = await here.created()
    await here.stopped(id)
    here.spoil({ ...held, match: { path: `/${name}-master/start$` } })
    await put(id, 'start')
    await terminatedIn('starting', id)
  },

  async 'error after a failed creation'() {
    await terminatedIn('error', (await here.notCreated()).id)
  },

  async 'error after a failed installation'() {
    const changes = here.small()
    here.spoil({ fault: 'install-fails', match: { path: `/${changes.name}-master$` } })
    const id = await here.api.create(changes)
    expect(await waitFor(here.api, id, 'run')).toMatchObject({
      end: 'error',
      cluster: { errorMessage: expect.stringMatching(/could not be installed/) },
    })
    await terminatedIn('error', id)
  },

  async 'termination-warning, once what hindered it is out of the way'() {
    const { id, name } = await here.created()
    const mend = here.spoil({ fault: 'deny', match: { operation: 'Microsoft.Compute/virtualMachines/delete', path: `/${name}-rondb-0$` } })
    expect(await here.api.call('DELETE', `/api/clusters/${id}`)).toMatchObject({ code: 202 })
    const { end, cluster } = await waitFor(here.api, id, 'delete')
    expect(end).toBe('termination-warning')
    expect(cluster?.errorMessage).toMatch(/virtualMachines\/delete.*az role assignment create/s)
    mend()
    await terminatedIn('termination-warning', id)
  },

  async 'shutting-down: the second call is the first one over again'() {
    const cluster = await here.created()
    const { id, name } = cluster
    const mend = here.spoil({ ...held, match: { operation: 'Microsoft.Compute/virtualMachines/delete', path: `/${name}-master$` } })
    const first = await here.api.call('DELETE', `/api/clusters/${id}`)
    expect(await here.api.call('DELETE', `/api/clusters/${id}`)).toMatchObject({ code: 202, payload: first.payload })
    expect((await here.api.cluster(id))?.state).toBe('shutting-down')
    mend()
    await here.gone(cluster)
    expect((await here.api.operations(id)).map(({ kind }) => kind)).toEqual(['delete-cluster', 'create-cluster'])
  },

  async 'while a cancelled creation is taken back'() {
    const changes = here.small()
    here.spoil({ fault: 'agent-silent', match: { path: `/${changes.name}-master$` } })
    const mend = here.spoil({
      ...held,
      match: { operation: 'Microsoft.Compute/virtualMachines/delete', path: `/${changes.name}-rondb-0$` },
    })
    const id = await here.api.create(changes)
    await here.reached(id, 'rondb-initializing')
    const creation = await here.latestOperation(id)
    expect(await here.api.call('POST', `/api/operations/${creation.id}/cancel`)).toMatchObject({ code: 202 })
    const cluster = { id, name: changes.name }
    await until(() => !here.resourcesOf(cluster).some(({ name }) => name.endsWith('-master')))
    expect(await here.api.call('DELETE', `/api/clusters/${id}`)).toMatchObject({ code: 202 })
    mend()
    await here.gone(cluster)
    expect((await here.settled(creation.id)).state).toBe('cancelled')
  },

  async 'while a failed creation is retried'() {
    const { id, operation, mend } = await here.notCreated()
    mend()
    expect(await here.api.call('POST', `/api/operations/${operation}/retry`)).toMatchObject({ code: 202 })
    await here.terminated(id)
  },
})

test(
  'starting-hopsworks',
  async () => {
    // So long that nobody can miss it.
    await here.turn('latencies', { 'machine.install': 5000 })
    await terminatedIn('starting-hopsworks', await here.api.create(here.small()))
    await here.turn('latencies', { 'machine.install': null })
  },
  PATIENCE_MS,
)
