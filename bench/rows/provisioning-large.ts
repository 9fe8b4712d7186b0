import { measureProvisioning } from '../provisioning.ts'
import type { Row } from '../row.ts'

export const provisioningLarge: Row = {
  name: 'provisioning-large',
  what: 'provisioning 1 head + 50 workers: makespan ÷ Azure alone',
  unit: '×',
  budget: 1.1,
  better: 'less',
  measure: (bench) => measureProvisioning(bench, 50, bench.quick ? 1 : 3),
}
