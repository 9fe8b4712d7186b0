import { sharingContainer } from '../../../../shared/backups/restore/container-use.ts'
import { checkContainerFree } from '../../../../shared/backups/restore/steps/check-container-free.ts'
import { newClusterId } from '../../../../shared/clusters/cluster-id.ts'
import { insertCluster, removeCluster } from '../../../../shared/clusters/cluster-store.ts'
import { resourceLedger } from '../../../../shared/operations/resource-ledger.ts'
import { testServices } from '../../../services.ts'
import { draftedCluster } from '../../clusters/drafts.ts'

const services = testServices()
let count = 0
const clusterOn = (blobContainerName: string) => ({
  ...draftedCluster({ name: `c${count}`, blobContainerName }),
  id: newClusterId(services.clock.now(), Buffer.alloc(10, count++)),
})

const check = (subjectId: string) => {
  const ledger = resourceLedger(services, subjectId, 'operation')
  return checkContainerFree.begin({ services, operationId: 'operation', subjectId, ledger, attempt: 1, begunAt: 0 }, null)
}

test('of two restores that could not see each other when they began none goes on before the other is gone', async () => {
  const [one, other] = [clusterOn('shared'), clusterOn('shared')]
  await insertCluster(services, clusterOn('alone'))
  await insertCluster(services, one)
  expect(await sharingContainer(services, other)).toMatchObject({ id: one.id })
  await insertCluster(services, other)
  const message = (name: string) => expect.stringContaining(`The cluster ${name} uses the container shared`)
  expect(await check(one.id)).toMatchObject({ state: 'failed', problem: { code: 'conflict', message: message(other.request.name) } })
  expect(await check(other.id)).toMatchObject({ state: 'failed', problem: { message: message(one.request.name) } })
  await removeCluster(services, one.id)
  expect(await check(other.id)).toEqual({ state: 'done' })
})
