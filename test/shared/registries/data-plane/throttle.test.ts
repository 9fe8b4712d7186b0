import { createThrottle } from '../../../../shared/registries/data-plane/throttle.ts'

const LIMITS = { read: 600, delete: 60, oauth: 600 }
const FOREVER = Number.POSITIVE_INFINITY

/** A clock that jumps to the end of every wait. */
function world() {
  let now = 0
  const advance = (ms: number) => {
    now += ms
  }
  return { throttle: createThrottle(LIMITS, { now: () => now }, async (ms) => advance(ms)), now: () => now, advance }
}

test('a burst of nearly a minute passes at once, then calls come at the rate of the limit', async () => {
  const { throttle, now } = world()
  for (let call = 0; call < 58; call++) await throttle.turn('delete', FOREVER)
  expect(now()).toBe(0)
  expect(throttle.isThrottling()).toBe(false)
  for (let call = 0; call < 600; call++) await throttle.turn('delete', FOREVER)
  // 600 calls at 60 a minute are 600 s; at least 97 percent of that rate is reached.
  expect(now() / 1000).toBeGreaterThan(598)
  expect(now() / 1000).toBeLessThan(600 / 0.97)
  expect(throttle.isThrottling()).toBe(true)
})

test('a 429 holds everybody back until it is over, whatever they ask', async () => {
  const { throttle, now } = world()
  throttle.pause(7000)
  await throttle.turn('read', FOREVER)
  expect(now()).toBe(7000)
  expect(throttle.isThrottling()).toBe(true)
})

test('it no longer counts as throttling a while after the last delay', () => {
  const { throttle, advance } = world()
  throttle.pause(1000)
  advance(6100)
  expect(throttle.isThrottling()).toBe(false)
})

test('whoever runs out of time is told when to come back, and takes nobody else’s turn', async () => {
  const { throttle, advance, now } = world()
  for (let call = 0; call < 58; call++) await throttle.turn('delete', FOREVER)
  for (let call = 0; call < 1000; call++)
    await expect(throttle.turn('delete', 500)).rejects.toMatchObject({ problem: { code: 'throttled', retryAfter: expect.any(Number) } })
  advance(1100)
  await throttle.turn('delete', FOREVER)
  expect(now()).toBe(1100)
})

test('what others use up of the same limit is heeded', async () => {
  const { throttle, now } = world()
  throttle.remaining('delete', -1)
  await throttle.turn('delete', FOREVER)
  expect(now()).toBeGreaterThan(900)
})
