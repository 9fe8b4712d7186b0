import { z } from 'zod'
import { until } from '../../until.ts'
import { discard, startLocalWorld } from '../../world.ts'
import { Api } from '../api.ts'
import { openBooks } from '../sweep/books.ts'
import { insist } from '../sweep/insist.ts'
import { kill } from '../sweep/killer.ts'
import { choices, tell } from '../sweep/seed.ts'
import { waitFor } from '../waiters.ts'

const KILLS = 4
const NAME = 'phoenix'
const HEAD = { instanceType: 'Standard_D2s_v4', diskSize: 256, haEnabled: false }

const skySchema = z.object({ resources: z.array(z.looseObject({ name: z.string(), lines: z.array(z.string()).default([]) })) })

test('the host is killed again and again while a cluster is restored: it is made once, on the data of the backup', async () => {
  const chosen = choices()
  const world = await startLocalWorld('--speed', '200', '--seed', `${chosen.seed}`)
  const kills: string[] = []
  try {
    const api = new Api(world)
    const state = () => insist(`${world.azure}/_slipway/state`)
    const books = await openBooks({ state, storage: world.storage })
    const arrives = async (id: string, kind: 'run' | 'delete', wanted: string) => {
      const { end, cluster } = await waitFor(api, id, kind)
      expect(end === wanted ? end : (cluster?.errorMessage ?? end)).toBe(wanted)
    }
    const clusterConfiguration = { head: HEAD, workers: [] }
    const first = await api.create({ name: NAME, blobContainerName: NAME, backupRetentionPeriod: 7, clusterConfiguration })
    await arrives(first, 'run', 'running')
    const { payload } = await api.call<{ backupId: string }>('POST', '/api/backups', { backup: { clusterId: first, backupName: 'ashes' } })
    await until(async () => {
      const answer = await api.call<{ backup: { state: string } }>('GET', `/api/backups/${payload.backupId}`)
      return answer.payload.backup.state === 'succeed'
    }, 60)
    expect(await api.call('DELETE', `/api/clusters/${first}`)).toMatchObject({ code: 202 })
    await arrives(first, 'delete', 'gone')

    const since = Date.now()
    const key = { 'idempotency-key': crypto.randomUUID() }
    const [id] = await Promise.all([
      (async () => {
        const answer = await until(async () => {
          const path = `/api/clusters/restore/${payload.backupId}`
          const answer = await api.insist<{ id: string }>('POST', path, { cluster: {} }, key)
          // Whoever answered the first time may have died over it: "ask again".
          return answer.code === 409 && answer.message.includes('is being answered') ? undefined : answer
        }, 90)
        expect(answer).toMatchObject({ code: 202 })
        await arrives(answer.payload.id, 'run', 'running')
        return answer.payload.id
      })(),
      kill(world, chosen, KILLS, ['host'], (told) => kills.push(told)),
    ])
    expect(await books.ledger(id)).toEqual(await books.made(NAME, id))
    expect(await books.madeTwice(NAME, id, since)).toEqual([])
    const { resources } = skySchema.parse(await state())
    const lines = resources.find(({ name }) => name === `${NAME}-master-data`)?.lines
    expect(lines).toEqual([`${NAME}-master 3.9.0`, `${NAME}-master 3.9.0`])
    // The backup is as it was.
    const snapshots = resources.filter(({ name }) => name.startsWith('Backup_')).map(({ name }) => name.toLowerCase())
    const entered = await books.ledger(payload.backupId)
    expect(entered.map((entry) => entry.slice(entry.lastIndexOf('/') + 1))).toEqual(snapshots.sort())
  } finally {
    tell(`restore while the host is killed, SLIPWAY_SWEEP_SEED=${chosen.seed}: ${kills.join('; ')}`)
    await discard(world)
  }
}, 180_000)
