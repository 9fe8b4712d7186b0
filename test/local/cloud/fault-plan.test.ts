import { faultPlanSchema, faultsOf } from '../../../local/cloud/fault-plan.ts'
import { seededRandom } from '../../../local/cloud/seeded-random.ts'

const at = { operation: 'Microsoft.Widgets/widgets/read', path: '/a', method: 'GET' }

function struck(seed: number): string {
  const faults = faultsOf(seededRandom(seed))
  faults.set(faultPlanSchema.parse({ rules: [{ match: { probability: 0.25 }, fault: 'reset' }] }))
  return Array.from({ length: 1_000 }, () => (faults.strikes('reset', at) ? '1' : '0')).join('')
}

describe('a fault of some probability', () => {
  it('strikes about that often, and the same requests for the same seed', () => {
    const hits = struck(7).replaceAll('0', '').length
    expect(hits).toBeGreaterThan(200)
    expect(hits).toBeLessThan(300)
    expect(struck(7)).toBe(struck(7))
    expect(struck(8)).not.toBe(struck(7))
  })
})
