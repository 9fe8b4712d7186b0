import { z } from 'zod'
import { until } from '../../until.ts'
import { discard, type LocalWorld, startLocalWorld } from '../../world.ts'
import { Api } from '../api.ts'
import { insist } from '../sweep/insist.ts'
import { kill } from '../sweep/killer.ts'
import { tryOnceMore } from '../sweep/once-more.ts'
import { choices, tell } from '../sweep/seed.ts'
import { waitFor } from '../waiters.ts'
import { oldCluster } from './upgrades.ts'

tryOnceMore()

/** Kills of the host and of the simulated Azure while a cluster is upgraded, and as many while one is rolled back; SLIPWAY_SWEEP_KILLS for more. */
const KILLS = Number(process.env.SLIPWAY_SWEEP_KILLS ?? 6)

const LIMIT_MS = 240_000 + 2 * KILLS * 5000

const diskSchema = z.object({
  name: z.string(),
  type: z.string(),
  lines: z.array(z.string()).default([]),
  envelope: z.object({ managedBy: z.string().optional() }),
})
const skySchema = z.object({ resources: z.array(z.looseObject({ type: z.string() })) })

/** The data disks of a cluster's heads with their machines and what was written to them, past the API. */
async function dataDisks(world: LocalWorld, cluster: string) {
  const { resources } = skySchema.parse(await insist(`${world.azure}/_slipway/state`))
  const disks = resources.filter(({ type }) => type.toLowerCase() === 'microsoft.compute/disks').map((disk) => diskSchema.parse(disk))
  return disks
    .filter(({ name }) => name.startsWith(`${cluster}-master`) && name.endsWith('-data'))
    .map(({ name, lines, envelope: { managedBy = '' } }) => ({ name, lines, owner: managedBy.slice(managedBy.lastIndexOf('/') + 1) }))
}

/** Names of what Azure has of a cluster, past the API. */
async function namesOf(world: LocalWorld, cluster: string): Promise<readonly string[]> {
  const { resources } = skySchema.parse(await insist(`${world.azure}/_slipway/state`))
  return resources.flatMap(({ name }) => (typeof name === 'string' && name.startsWith(`${cluster}-`) ? name : []))
}

async function moved(api: Api, id: string, method: string, path: string, body: unknown, states: RegExp): Promise<void> {
  await until(async () => {
    const answer = await api.insist(method, `/api/clusters/${id}${path}`, body)
    const cluster = await api.cluster(id)
    return answer.code === 202 || states.test(`${cluster?.state} ${cluster?.upgradeInProgress ? 'upgrading' : ''}`)
  }, 90)
}

test(
  'host and Azure are killed again and again while clusters are upgraded and rolled back: one head has the data, and it is the right one',
  async () => {
    const chosen = choices()
    const world = await startLocalWorld('--speed', '200', '--seed', `${chosen.seed}`)
    const kills: string[] = []
    const killing = () => kill(world, chosen, KILLS, ['host', 'azure'], (told) => kills.push(told))
    try {
      const api = new Api(world)
      const arrives = async (id: string, waiter: Parameters<typeof waitFor>[2], wanted: string) => {
        const { end, cluster } = await waitFor(api, id, waiter)
        if (end !== wanted) throw new Error(`${end} instead of ${wanted}: ${cluster?.errorMessage}`)
      }
      const [onward, back] = await Promise.all(['onward', 'back'].map((name) => api.create(oldCluster(name))))
      if (!onward || !back) throw new Error('two were asked for')
      await Promise.all([onward, back].map((id) => arrives(id, 'run', 'running')))

      await Promise.all([
        killing(),
        (async () => {
          await moved(api, onward, 'POST', '/upgrade', { version: '3.9.0' }, /upgrading/)
          await arrives(onward, 'upgrade', 'running')
        })(),
      ])
      expect(await dataDisks(world, 'onward')).toMatchObject([
        { name: 'onward-master-g2-data', owner: 'onward-master-g2', lines: ['onward-master 3.8.0', expect.stringContaining('-g2 3.9.0')] },
      ])

      const doomed = { rules: [{ match: { path: 'back-master-g2$' }, fault: 'install-fails' }] }
      await fetch(`${world.azure}/_slipway/faults`, { method: 'PUT', body: JSON.stringify(doomed) })
      await moved(api, back, 'POST', '/upgrade', { version: '3.9.0' }, /upgrading/)
      await arrives(back, 'upgrade', 'error')
      await Promise.all([
        killing(),
        (async () => {
          await moved(api, back, 'PUT', '/upgrade/rollback', undefined, /^stopp/)
          await arrives(back, 'stop', 'stopped')
        })(),
      ])
      expect(await dataDisks(world, 'back')).toEqual([{ name: 'back-master-data', owner: 'back-master', lines: ['back-master 3.8.0'] }])
      expect(await api.cluster(back)).toMatchObject({ version: '3.8.0', activationState: 'startable' })
      expect((await api.cluster(back))?.upgradeInProgress).toBeUndefined()
      expect((await namesOf(world, 'back')).filter((name) => /-g2|-parked|-snapshot|-worker/.test(name))).toEqual([])
      expect((await namesOf(world, 'onward')).filter((name) => /-master(-data)?$|-rondb-0-data$|-parked|-snapshot/.test(name))).toEqual([])
      for (const id of [onward, back]) {
        await moved(api, id, 'DELETE', '', undefined, /undefined|deleting/)
        await arrives(id, 'delete', 'gone')
      }
      expect([...(await namesOf(world, 'onward')), ...(await namesOf(world, 'back'))]).toEqual([])
    } finally {
      tell(`upgrades between kills, SLIPWAY_SWEEP_SEED=${chosen.seed}: ${kills.join('; ')}`)
      await discard(world)
    }
  },
  LIMIT_MS,
)
