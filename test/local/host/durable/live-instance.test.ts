import { ActionType } from '../../../../local/host/durable/action.ts'
import { EventType, stamp } from '../../../../local/host/durable/history-event.ts'
import { createInstance, executionStarted } from '../../../../local/host/durable/instance.ts'
import { liveInstance } from '../../../../local/host/durable/live-instance.ts'
import { until } from '../../../until.ts'

const NOW = Date.UTC(2026, 0, 1)
const created = createInstance({ instanceId: 'i', name: 'calls', input: 'null' }, NOW)

/** An orchestrator that calls one activity, a store whose saves end when the test lets them. */
function orchestration() {
  const begun: string[] = []
  const errors: unknown[] = []
  const saves: PromiseWithResolvers<string>[] = []
  const episodes: number[] = []
  const instance = liveInstance(created, undefined, {
    now: () => NOW,
    replay: async (_, history) => {
      episodes.push(history.length)
      return { isDone: false, actions: [{ actionType: ActionType.CallActivity, functionName: 'work' }] }
    },
    save: () => {
      const save = Promise.withResolvers<string>()
      saves.push(save)
      return save.promise
    },
    begin: (_, event) => {
      begun.push('Name' in event ? event.Name : '')
      return () => begun.push('called off')
    },
    ended: () => undefined,
    broken: (error) => errors.push(error),
  })
  return { instance, begun, errors, saves, episodes }
}

const raised = (name: string) => ({ EventType: EventType.EventRaised, ...stamp(NOW), Name: name, Input: null })

test('no activity begins, and no caller hears of success, before the episode that causes it is saved', async () => {
  const { instance, begun, saves } = orchestration()
  let heard = false
  const posted = instance.post(executionStarted(created, NOW)).then(() => {
    heard = true
  })
  await until(() => saves.length === 1)
  expect([begun, heard]).toEqual([[], false])
  saves[0]?.resolve('etag')
  await posted
  expect(begun).toEqual(['work'])
})

test('messages that arrive during a save share the next episode', async () => {
  const { instance, saves, episodes } = orchestration()
  const first = instance.post(executionStarted(created, NOW))
  await until(() => saves.length === 1)
  const later = Promise.all(['a', 'b', 'c'].map((name) => instance.post(raised(name))))
  saves[0]?.resolve('1')
  await first
  await until(() => saves.length === 2)
  saves[1]?.resolve('2')
  expect(await later).toEqual([true, true, true])
  expect(episodes).toHaveLength(2)
})

test('what could not be saved has no effect, and its callers hear so', async () => {
  const { instance, begun, errors, saves } = orchestration()
  const posted = instance.post(executionStarted(created, NOW))
  await until(() => saves.length === 1)
  saves[0]?.reject(new Error('disk full'))
  await expect(posted).rejects.toThrow('The host has stopped.')
  await expect(instance.post(raised('late'))).rejects.toThrow('The host has stopped.')
  expect([begun, errors]).toEqual([[], [new Error('disk full')]])
})

test('what was under way is called off when the instance is halted', async () => {
  const { instance, begun, saves } = orchestration()
  const posted = instance.post(executionStarted(created, NOW))
  await until(() => saves.length === 1)
  saves[0]?.resolve('1')
  await posted
  instance.halt()
  expect(begun).toEqual(['work', 'called off'])
})
