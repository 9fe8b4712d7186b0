import { createSlots, type Slots } from '../../../../shared/registries/data-plane/slots.ts'

/** Work that ends when it is told to. */
function workers(slots: Slots) {
  const running = new Map<string, () => void>()
  const start = (name: string, urgent?: 'urgent') => slots(() => new Promise<void>((resolve) => running.set(name, resolve)), urgent)
  const end = async (name: string) => {
    running.get(name)?.()
    running.delete(name)
    // As many turns as the chain of promises is long.
    for (let turn = 0; turn < 10; turn++) await Promise.resolve()
  }
  return { start, end, running: () => [...running.keys()] }
}

test('who waits goes in the order of coming, what is urgent before the others', async () => {
  const { start, end, running } = workers(createSlots(1))
  for (const name of ['first', 'second', 'third']) void start(name)
  void start('urgent', 'urgent')
  const seen = []
  while (running().length > 0) {
    const [name = ''] = running()
    seen.push(name)
    await end(name)
  }
  expect(seen).toEqual(['first', 'urgent', 'second', 'third'])
})

test('what fails gives its place to the next', async () => {
  const slots = createSlots(1)
  await expect(slots(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  expect(await slots(async () => 'next')).toBe('next')
})

test('a hundred registries share the connections that one alone may use', async () => {
  const share = { busy: 0 }
  const registries = Array.from({ length: 100 }, () => workers(createSlots(64, share)))
  for (const { start } of registries) for (let call = 0; call < 64; call++) void start(`${call}`)
  const counts = () => registries.map(({ running }) => running().length)
  expect(counts()[0]).toBe(64)
  expect(counts()[99]).toBe(8)
  const [last] = registries.slice(-1)
  // Where only one is left it has them all.
  for (const registry of registries.slice(0, 99)) while (registry.running().length > 0) await registry.end(registry.running()[0] ?? '')
  await last?.end('0')
  expect(last?.running()).toHaveLength(63)
})
