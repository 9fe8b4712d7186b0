import { createRoom } from '../../../shared/retention/room.ts'

const FOREVER = Number.POSITIVE_INFINITY

/** Who has been given room so far. */
function world() {
  const clock = { time: 0, now: () => clock.time }
  const room = createRoom(1000, clock)
  const given: string[] = []
  const ask = async (name: string, place: ReturnType<typeof room.enter>, manifests: number, until = FOREVER) => {
    await place.grow(manifests, until)
    given.push(name)
  }
  return { clock, room, given, ask }
}

test('small repositories have room side by side; who comes when it is full waits until another leaves', async () => {
  const { room, given, ask } = world()
  const [first, second, third] = [room.enter(), room.enter(), room.enter()]
  await ask('first', first, 600)
  await ask('second', second, 600)
  const waiting = ask('third', third, 600)
  await Promise.resolve()
  expect(given).toEqual(['first', 'second'])
  second.leave()
  await waiting
  expect(given).toEqual(['first', 'second', 'third'])
})

test('the repository that came first gets as much as it needs and stands in nobody’s way; who came after it is the next', async () => {
  const { room, given, ask } = world()
  const [first, second] = [room.enter(), room.enter()]
  for (let page = 0; page < 5; page++) await ask('first', first, 1000)
  await ask('second', second, 1000)
  const waiting = ask('second again', second, 1000)
  first.leave()
  await waiting
  expect(given).toEqual([...Array(5).fill('first'), 'second', 'second again'])
})

test('whoever gets no room in time comes again later, and leaves nothing behind', async () => {
  const { clock, room, given, ask } = world()
  const [first, second, third] = [room.enter(), room.enter(), room.enter()]
  await ask('first', first, 1000)
  await ask('second', second, 1000)
  const late = ask('late', third, 1, 100)
  clock.time = 101
  first.leave()
  await expect(late).rejects.toMatchObject({ problem: { code: 'throttled', retryAfter: 1 } })
  third.leave()
  await ask('second again', second, 1000)
  await ask('fourth', room.enter(), 1000)
  expect(given).toEqual(['first', 'second', 'second again', 'fourth'])
})
