import { measureProvisioning } from '../provisioning.ts'
import type { Row } from '../row.ts'

export const provisioningSmall: Row = {
  name: 'provisioning-small',
  what: 'provisioning 1 head + 2 workers: makespan ÷ Azure alone',
  unit: '×',
  budget: 1.1,
  better: 'less',
  measure: (bench) => measureProvisioning(bench, 2, bench.quick ? 1 : 5),
}
