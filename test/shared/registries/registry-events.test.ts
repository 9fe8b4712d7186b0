import { asksForAdoption } from '../../../shared/registries/registry-events.ts'

const yes = { 'slipway-retention': 'true' }
const no = { 'slipway-retention': 'false' }

test.each([
  ['tagged', yes, true],
  ['tagged', { 'slipway-retention': '' }, true],
  ['tagged', no, false],
  ['tagged', { other: 'true' }, false],
  ['tagged', undefined, false],
  ['tagged', null, false],
  ['all', undefined, true],
  ['all', no, true],
  ['none', yes, false],
] as const)('with the setting %s a registry with the tags %j is adopted by itself: %s', (registryEnrolment, tags, adopted) => {
  expect(asksForAdoption({ settings: { registryEnrolment } }, { tags })).toBe(adopted)
})
