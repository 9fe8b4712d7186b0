import fc from 'fast-check'
import { VM_SIZES } from '../../../local/cloud/compute/vm-sizes.ts'
import { locations } from '../../../local/cloud/locations.ts'
import { machinePrice } from '../../../shared/prices/machine-price.ts'

const LOCATION = 'northeurope'

test('every size that the documents and the local world speak of has a price', () => {
  const without = VM_SIZES.filter(({ name }) => machinePrice(name, LOCATION) === undefined)
  expect(without.map(({ name }) => name)).toEqual([])
})

test('every location of the local world has prices', () => {
  const without = locations.filter(({ name }) => machinePrice('Standard_D8_v3', name) === undefined)
  expect(without.map(({ name }) => name)).toEqual([])
})

test('nothing costs nothing: what the table does not know is unknown', () => {
  for (const size of ['Standard_X99', 'Standard_D0_v3', 'Standard_E8-4s_v5', 'standard_d8_v3 ', '', 'Standard_ND96isr_H100_v5'])
    expect([size, machinePrice(size, LOCATION)]).toEqual([size, undefined])
  const size = fc.tuple(
    fc.constantFrom('B', 'D', 'E', 'F', 'L', 'NC', 'M'),
    fc.nat(128),
    fc.constantFrom('', 's', 'as', 'ds', 'ads'),
    fc.nat(8),
  )
  fc.assert(
    fc.property(size, fc.constantFrom(LOCATION, 'moonbase'), ([family, vCpus, features, version], location) => {
      const price = machinePrice(`Standard_${family}${vCpus}${features}_v${version}`, location)
      expect(price === undefined || price > 0).toBe(true)
    }),
  )
})
