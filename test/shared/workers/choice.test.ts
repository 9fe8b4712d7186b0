import fc from 'fast-check'
import type { Node } from '../../../shared/clusters/node.ts'
import { choiceOf, meant } from '../../../shared/workers/choice.ts'

const spot = { maxPrice: 100, fallBackOnDemand: true }

const nodes: fc.Arbitrary<readonly Node[]> = fc
  .array(
    fc.record({
      instanceType: fc.constantFrom('D4', 'D8'),
      diskSize: fc.constantFrom(256, 512),
      isSpot: fc.boolean(),
      isThere: fc.boolean(),
      isByHand: fc.boolean(),
    }),
    { maxLength: 12 },
  )
  .map((kinds) =>
    kinds.map(({ isSpot, isThere, isByHand, ...kind }, index) => ({
      ...kind,
      name: `worker-${index}`,
      id: `${index}`,
      role: 'worker' as const,
      ...(isSpot && { spot }),
      ...(isThere && { privateIp: `10.0.0.${index}` }),
      ...(isByHand && { byHand: true as const }),
    })),
  )

const entry = fc.record({
  instanceType: fc.constantFrom('D4', 'D8'),
  diskSize: fc.constantFrom(256, 512),
  count: fc.nat(4),
  spotInfo: fc.constantFrom(undefined, spot),
})

test('a removal takes as many as were asked for, of the kind that was meant, and prefers those that are missed least', () => {
  fc.assert(
    fc.property(nodes, entry, (all, asked) => {
      const fitting = all.filter(
        (node) => node.instanceType === asked.instanceType && node.diskSize === asked.diskSize && (!asked.spotInfo || node.spot),
      )
      if (fitting.length < asked.count) return expect(() => meant([asked], all)).toThrow(/has \d+ such workers/)
      const leaving = meant([asked], all)
      expect(leaving).toHaveLength(asked.count)
      expect(fitting).toEqual(expect.arrayContaining([...leaving]))
      const stays = fitting.filter((node) => !leaving.includes(node))
      if (leaving.some((node) => node.spot) && !asked.spotInfo) expect(stays.filter((node) => !node.spot)).toEqual([])
      for (const gone of leaving.filter((node) => node.privateIp))
        expect(stays.filter((node) => !node.privateIp && Boolean(node.spot) === Boolean(gone.spot))).toEqual([])
    }),
  )
})

test('the agent chooses only where any choice of its own is one that was meant', () => {
  fc.assert(
    fc.property(nodes, fc.array(entry, { minLength: 1, maxLength: 3 }), (all, asked) => {
      let leaving: readonly Node[]
      try {
        leaving = meant(asked, all)
      } catch {
        return
      }
      const { count, named, free, candidates } = choiceOf(leaving, all)
      expect(count).toBe(leaving.length)
      expect(named.length + Object.values(free).reduce((sum, part) => sum + part, 0)).toBe(count)
      for (const size of Object.keys(free)) {
        const open = all.filter((node) => node.instanceType === size && node.privateIp)
        expect(new Set(open.map((node) => JSON.stringify([node.diskSize, node.spot, node.byHand]))).size).toBe(1)
        expect(candidates).toEqual(expect.arrayContaining(open.map(({ name }) => name)))
      }
    }),
  )
})
