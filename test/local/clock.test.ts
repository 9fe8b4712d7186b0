import { fakeClock } from '../../local/clock.ts'

test('a fake clock wakes what falls due, in the order of time', () => {
  const clock = fakeClock(0)
  const woken: string[] = []
  clock.after(20, () => woken.push(`late ${clock.now()}`))
  clock.after(10, () => {
    woken.push(`early ${clock.now()}`)
    clock.after(5, () => woken.push(`nested ${clock.now()}`))
  })
  const cancel = clock.after(12, () => woken.push('never'))
  cancel()
  clock.advance(30)
  expect(woken).toEqual(['early 10', 'nested 15', 'late 20'])
  expect(clock.now()).toBe(30)
})
