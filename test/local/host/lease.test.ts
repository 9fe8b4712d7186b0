import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { holdLease } from '../../../local/host/lease.ts'
import { azurite } from '../../azurite.ts'

const storage = azurite().connectionString

test('a second owner waits, and has the lease as soon as the first gives it back', async () => {
  const first = await holdLease({ storage, name: 'locks/waits' })
  const told = Promise.withResolvers<void>()
  let held = false
  const second = holdLease({ storage, name: 'locks/waits', waiting: told.resolve }).then((lease) => {
    held = true
    return lease
  })
  await told.promise
  expect(held).toBe(false)
  await first.release()
  await (await second).release()
})

test('waiting can be given up', async () => {
  const first = await holdLease({ storage, name: 'locks/given-up' })
  const giveUp = new AbortController()
  const second = holdLease({ storage, name: 'locks/given-up', signal: giveUp.signal, waiting: () => giveUp.abort(new Error('stopped')) })
  await expect(second).rejects.toThrow('stopped')
  await first.release()
})

test('an owner that vanished within this process is not waited for', async () => {
  const first = await holdLease({ storage, name: 'locks/vanished' })
  first.abandon()
  const begin = performance.now()
  await (await holdLease({ storage, name: 'locks/vanished' })).release()
  expect(performance.now() - begin).toBeLessThan(3_000)
})

test('an owner killed on this machine is not waited for', async () => {
  const owner = spawn(process.execPath, ['-e', OWNER], { env: { STORAGE: storage }, stdio: ['ignore', 'pipe', 'inherit'] })
  await once(owner.stdout, 'data')
  const waited = Promise.withResolvers<void>()
  const second = holdLease({ storage, name: 'locks/killed', waiting: waited.resolve })
  await waited.promise
  owner.kill('SIGKILL')
  const begin = performance.now()
  await (await second).release()
  expect(performance.now() - begin).toBeLessThan(5_000)
})

const OWNER = `
import(${JSON.stringify(require.resolve('../../../local/host/lease.ts'))}).then(async ({ holdLease }) => {
  await holdLease({ storage: process.env.STORAGE, name: 'locks/killed' })
  process.stdout.write('held')
})`
