import { newerVersion } from '../../../shared/notifications/newer-version.ts'
import { catalogueEntrySchema } from '../../../shared/versions/entry.ts'
import { seededEntries } from '../../../shared/versions/seed.ts'

const cluster = { version: '3.8.0', os: 'ubuntu', location: 'northeurope' } as const
const like = (changes: object) => catalogueEntrySchema.parse({ ...seededEntries.at(-1), ...changes })

test('a cluster is told of the version that comes after its own', () => {
  expect(newerVersion(seededEntries, cluster)?.version).toBe('3.9.0')
  expect(newerVersion(seededEntries, { ...cluster, version: '3.9.0' })).toBeUndefined()
})

test('the newest of several within reach is told', () => {
  expect(newerVersion([...seededEntries, like({ version: '3.9.1' })], cluster)?.version).toBe('3.9.1')
})

test('nobody is told of experiments, or of what is not to be had where the cluster is', () => {
  const experiment = like({ version: '3.9.1', experimental: true })
  const elsewhere = like({ version: '3.9.2', images: [{ os: 'ubuntu', regions: ['westus'], urn: 'a:b:c:d' }] })
  expect(newerVersion([...seededEntries, experiment, elsewhere], cluster)?.version).toBe('3.9.0')
})
