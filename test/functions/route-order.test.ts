import { featureEndpoints } from '../../functions/endpoints.ts'
import { misordered } from '../../shared/http/route-order.ts'

test('no request can reach the wrong function', () => {
  expect(misordered(featureEndpoints)).toEqual([])
  expect(featureEndpoints.filter(({ name }) => name >= 'zz')).toEqual([])
})
