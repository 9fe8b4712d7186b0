import { statSync } from 'node:fs'
import { productApp } from '../app.ts'
import type { Row } from '../row.ts'

export const bundleSize: Row = {
  name: 'bundle-size',
  what: 'bundle: size',
  unit: 'MB',
  budget: 5,
  better: 'less',
  measure: async (bench) => ({ samples: [statSync((await productApp(bench)).main).size / 1e6] }),
}
