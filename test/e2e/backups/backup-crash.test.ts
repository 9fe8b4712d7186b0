import { z } from 'zod'
import type { WireBackup } from '../../../shared/backups/wire.ts'
import { until } from '../../until.ts'
import { discard, startLocalWorld } from '../../world.ts'
import { Api } from '../api.ts'
import { openBooks } from '../sweep/books.ts'
import { insist } from '../sweep/insist.ts'
import { kill } from '../sweep/killer.ts'
import { choices, tell } from '../sweep/seed.ts'
import { waitFor } from '../waiters.ts'

/** Of the host and of the simulated Azure, while a backup is taken, and as many while it is deleted. */
const KILLS = 4
const NAME = 'saved'
const HEAD = { instanceType: 'Standard_D2s_v4', diskSize: 256, haEnabled: false }

const skySchema = z.object({ resources: z.array(z.looseObject({ id: z.string(), name: z.string() })) })

test('host and Azure are killed again and again while a backup is taken and deleted: its snapshots are all there, then none', async () => {
  const chosen = choices()
  const world = await startLocalWorld('--speed', '200', '--seed', `${chosen.seed}`)
  const kills: string[] = []
  const killing = () => kill(world, chosen, KILLS, ['host', 'azure'], (told) => kills.push(told))
  try {
    const api = new Api(world)
    const state = () => insist(`${world.azure}/_slipway/state`)
    const books = await openBooks({ state, storage: world.storage })
    const snapshots = async () =>
      skySchema
        .parse(await state())
        .resources.filter(({ name }) => name.startsWith('Backup_'))
        .map(({ id }) => id.toLowerCase())
        .sort()
    const look = (id: string) => api.insist<{ backup: WireBackup }>('GET', `/api/backups/${id}`)

    const cluster = await api.create({ name: NAME, backupRetentionPeriod: 7, clusterConfiguration: { head: HEAD, workers: [] } })
    expect((await waitFor(api, cluster, 'run')).end).toBe('running')

    const key = { 'idempotency-key': crypto.randomUUID() }
    const [id] = await Promise.all([
      (async () => {
        const answer = await until(async () => {
          const body = { backup: { clusterId: cluster, backupName: 'through it all' } }
          const answer = await api.insist<{ backupId: string }>('POST', '/api/backups', body, key)
          // Whoever answered the first time may have died over it: "ask again".
          return answer.code === 409 && answer.message.includes('is being answered') ? undefined : answer
        }, 90)
        expect(answer).toMatchObject({ code: 202 })
        const { backupId } = answer.payload
        await until(async () => (await api.cluster(cluster))?.backupPipelineInProgress === false, 90)
        expect((await look(backupId)).payload.backup).toMatchObject({ state: 'succeed', stateMessage: '' })
        return backupId
      })(),
      killing(),
    ])
    expect(await snapshots()).toHaveLength(4)
    expect(await books.ledger(id)).toEqual(await snapshots())
    expect(await api.cluster(cluster)).toMatchObject({ state: 'running', activationState: 'stoppable' })

    await Promise.all([
      (async () => {
        expect([202, 404]).toContain((await api.insist('DELETE', `/api/backups/${id}`)).code)
        await until(async () => (await look(id)).code === 404, 90)
      })(),
      killing(),
    ])
    expect(await snapshots()).toEqual([])
    expect(await books.ledger(id)).toEqual([])
    expect(await api.cluster(cluster)).toMatchObject({ state: 'running' })
  } finally {
    tell(`backup between kills, SLIPWAY_SWEEP_SEED=${chosen.seed}: ${kills.join('; ')}`)
    await discard(world)
  }
}, 240_000)
