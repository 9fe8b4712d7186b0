import type { SecurityRule } from '@azure/arm-network'
import fc from 'fast-check'
import { type InboundRule, inboundRuleModel } from '../../../shared/azure/network-security-group.ts'
import { ruleChanges } from '../../../shared/ports/rule-changes.ts'

const ours = ['ssh', 'kafka', 'mysql']
const rule = (name: string, priority: number): InboundRule => ({ name, priority, ports: [`${priority}`] })
const all = ours.map((name, index) => rule(name, 200 + 10 * index))

/** As Azure answers it: names in any case, ports in either member. */
const shown = ({ name, ...model }: SecurityRule): SecurityRule => ({
  ...model,
  name: name?.toUpperCase() ?? '',
  provisioningState: 'Succeeded',
})

const states = fc.record({
  wanted: fc.subarray(all),
  present: fc.subarray(all).map((rules) => rules.map((found) => shown(inboundRuleModel(found)))),
  foreign: fc.uniqueArray(fc.integer({ min: 195, max: 225 }), { maxLength: 20 }),
})

/** What the group holds after the changes; two rules of one priority are what Azure refuses. */
function after(present: readonly SecurityRule[], wanted: readonly InboundRule[]): readonly SecurityRule[] {
  const { write, remove } = ruleChanges(present, ours, wanted)
  const gone = [...remove, ...write.map(({ name }) => name)]
  return [...present.filter(({ name = '' }) => !gone.includes(name.toLowerCase())), ...write.map(inboundRuleModel)]
}

test('afterwards exactly the wanted rules of ours stand, beside all of the others, and nothing is left to change', () => {
  fc.assert(
    fc.property(states, ({ wanted, present, foreign }) => {
      const free = foreign.filter((priority) => !present.some((found) => found.priority === priority))
      const others = free.map(
        (priority): SecurityRule => ({ ...inboundRuleModel(rule(`theirs-${priority}`, priority)), provisioningState: 'Succeeded' }),
      )
      const group = after([...others, ...present], wanted)
      const mine = group.filter(({ name = '' }) => ours.includes(name.toLowerCase())).map(({ name = '' }) => name.toLowerCase())
      expect(mine.sort()).toEqual(wanted.map(({ name }) => name).sort())
      expect(group).toEqual(expect.arrayContaining(others))
      const priorities = group.map(({ priority }) => priority)
      expect(new Set(priorities).size).toBe(priorities.length)
      expect(ruleChanges(group, ours, wanted)).toEqual({ write: [], remove: [] })
    }),
  )
})

test('a rule of ours that somebody has changed is put right and keeps its priority', () => {
  const [ssh] = all
  if (!ssh) throw new Error('none')
  const changed = { ...inboundRuleModel({ ...ssh, priority: 300 }), access: 'Deny' }
  expect(ruleChanges([changed], ours, [ssh])).toEqual({ write: [{ ...ssh, priority: 300 }], remove: [] })
})
