import { until } from '../../until.ts'
import type { WireOperation } from '../api.ts'
import { waitFor } from '../waiters.ts'
import { arrived, held, sideBySide, stage } from './stage.ts'

const here = stage()

/** Calls off what runs on the cluster and waits until it has ended. */
async function cancelled(id: string): Promise<WireOperation> {
  const { id: operation } = await here.latestOperation(id)
  expect(await here.api.call('POST', `/api/operations/${operation}/cancel`)).toMatchObject({
    code: 202,
    payload: { operation: { state: 'cancelling' } },
  })
  return here.settled(operation)
}

const refused = (operation: string, what: 'cancel' | 'retry') => here.api.call('POST', `/api/operations/${operation}/${what}`)

sideBySide({
  async 'a cancelled creation takes everything back, and can be run after all'() {
    const changes = here.small({ tags: [{ name: 'team', value: 'ml' }] })
    const mend = here.spoil({ fault: 'agent-silent', match: { path: `/${changes.name}-master$` } })
    const id = await here.api.create(changes)
    await here.reached(id, 'rondb-initializing')
    expect((await cancelled(id)).state).toBe('cancelled')
    const { end, cluster } = await waitFor(here.api, id, 'run')
    expect(end).toBe('error')
    expect(cluster?.errorMessage).toMatch(/create cluster .* was cancelled by .* has been removed/)
    expect(here.resourcesOf({ id, name: changes.name })).toEqual([])
    expect(await here.world.ledger(id)).toEqual([])
    mend()
    await here.retried(id, 'run')
    await here.terminated(id)
  },

  async 'a creation cancelled while Azure makes its first resources leaves none of them'() {
    const changes = here.small()
    const id = await here.api.create(changes)
    await until(() => here.resourcesOf({ id, name: changes.name }).length > 0)
    expect((await cancelled(id)).state).toBe('cancelled')
    expect(here.resourcesOf({ id, name: changes.name })).toEqual([])
    expect(await here.world.ledger(id)).toEqual([])
    await here.terminated(id)
  },

  async 'a cancelled stop leaves the cluster as it is: it can be stopped on, or started'() {
    const [one, other] = await Promise.all([here.created(), here.created()])
    await Promise.all(
      [one, other].map(async ({ id, name }) => {
        const mend = here.spoil({ ...held, match: { path: `/${name}-master/deallocate$` } })
        expect(await here.api.call('PUT', `/api/clusters/${id}/stop`)).toMatchObject({ code: 202 })
        expect((await cancelled(id)).state).toBe('cancelled')
        mend()
        const { end, cluster } = await waitFor(here.api, id, 'stop')
        expect(end).toBe('error')
        expect(cluster).toMatchObject({
          activationState: 'startable',
          errorMessage: expect.stringMatching(/stop cluster .* was cancelled/),
        })
      }),
    )
    await here.retried(one.id, 'stop')
    expect(await here.api.call('PUT', `/api/clusters/${other.id}/start`)).toMatchObject({ code: 202 })
    await arrived(here.api, other.id, 'run', 'running')
    await Promise.all([here.terminated(one.id), here.terminated(other.id)])
  },

  async 'a cancelled start can be run on'() {
    const { id, name } = await here.created()
    await here.stopped(id)
    const mend = here.spoil({ ...held, match: { path: `/${name}-master/start$` } })
    expect(await here.api.call('PUT', `/api/clusters/${id}/start`)).toMatchObject({ code: 202 })
    expect((await cancelled(id)).state).toBe('cancelled')
    mend()
    expect(await waitFor(here.api, id, 'run')).toMatchObject({ end: 'error', cluster: { activationState: 'startable' } })
    await here.retried(id, 'run')
    await here.terminated(id)
  },

  async 'a termination cannot be called off, and says so; nor can what has ended'() {
    const cluster = await here.created()
    const { id, name } = cluster
    const creation = await here.latestOperation(id)
    expect(await refused(creation.id, 'cancel')).toMatchObject({ code: 409, message: 'The operation has ended.' })
    expect(await refused(creation.id, 'retry')).toMatchObject({ code: 409, message: expect.stringContaining('nothing to retry') })

    const mend = here.spoil({ ...held, match: { operation: 'Microsoft.Compute/virtualMachines/delete', path: `/${name}-master$` } })
    expect(await here.api.call('DELETE', `/api/clusters/${id}`)).toMatchObject({ code: 202 })
    const termination = await here.latestOperation(id)
    expect(await refused(termination.id, 'cancel')).toMatchObject({ code: 409, message: 'This kind of operation cannot be cancelled.' })
    expect(await refused(termination.id, 'retry')).toMatchObject({ code: 409, message: 'The operation has not ended.' })
    expect(await refused(`${id}_0`, 'cancel')).toMatchObject({ code: 404 })
    mend()
    await here.gone(cluster)
  },

  async 'a creation is not retried once its cluster goes'() {
    const cluster = await here.notCreated()
    const { id, operation } = cluster
    const mend = here.spoil({ ...held, match: { operation: 'Microsoft.Network/virtualNetworks/delete', path: `-${id.slice(-12)}$` } })
    expect(await here.api.call('DELETE', `/api/clusters/${id}`)).toMatchObject({ code: 202 })
    expect(await refused(operation, 'retry')).toMatchObject({ code: 409 })
    mend()
    await here.gone(cluster)
    expect(await refused(operation, 'retry')).toMatchObject({ code: 409 })
    expect((await here.settled(operation)).state).toBe('failed')
  },
})
