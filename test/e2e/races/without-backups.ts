import { until } from '../../until.ts'
import type { Stage } from '../journeys/stage.ts'

/** Deletes the backups of a cluster, those that failed, too, and sees that nothing is left of them. */
export async function withoutBackups({ api, inventory }: Stage, clusterId: string): Promise<void> {
  const list = async () =>
    (await api.call<{ backups: { backupId: string }[] }>('GET', `/api/backups?clusterId=${clusterId}`)).payload.backups
  const ids = (await list()).map(({ backupId }) => backupId)
  for (const id of ids) {
    // What a backup that was called off has left is being cleared away.
    await until(async () => [202, 404].includes((await api.call('DELETE', `/api/backups/${id}`)).code))
    await until(async () => (await api.call('GET', `/api/backups/${id}`)).code === 404, 60)
  }
  const left = [...inventory().values()].filter(({ name }) => ids.some((id) => name.includes(id)))
  expect(left.map(({ name }) => name)).toEqual([])
}
