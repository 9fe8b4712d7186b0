import { type CatalogueEntry, catalogueEntrySchema, imageIn, imageReference, installOf } from '../../../shared/versions/entry.ts'
import { seededEntries } from '../../../shared/versions/seed.ts'
import { toSupportedVersion } from '../../../shared/versions/wire.ts'

const gallery = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/own/images/hopsworks/versions/4.0.0'
const newest = seededEntries.at(-1) as CatalogueEntry
const entry = catalogueEntrySchema.parse({
  ...newest,
  version: '3.10.0',
  upgradableFromVersion: '3.9.0',
  images: [...newest.images, { os: 'ubuntu', regions: ['westeurope', 'northeurope'], id: gallery, bringsHopsworks: true }],
})

test('an image that is meant for a location comes before one that is meant for all', () => {
  const own = imageIn(entry, 'ubuntu', 'westeurope')
  expect(own && imageReference(own)).toEqual({ id: gallery })
  const anyone = imageIn(entry, 'ubuntu', 'eastus')
  expect(anyone && imageReference(anyone)).toEqual({
    publisher: 'Canonical',
    offer: '0001-com-ubuntu-server-focal',
    sku: '20_04-lts-gen2',
    version: 'latest',
  })
  expect(imageIn(entry, 'centos', 'eastus')).toBeUndefined()
})

test('nothing is installed on an image that brings Hopsworks', () => {
  const [own, anyone] = [imageIn(entry, 'ubuntu', 'westeurope'), imageIn(entry, 'ubuntu', 'eastus')]
  expect(own && installOf(entry, own)).toBeNull()
  expect(anyone && installOf(entry, anyone)?.command).toContain('bash')
})

test('on the wire a version says where it is to be had and from which one it is reached', () => {
  expect(toSupportedVersion(entry)).toEqual({
    version: '3.10.0',
    upgradableFromVersion: '3.9.0',
    default: true,
    experimental: false,
    regions: { ubuntu: ['ALL', 'westeurope', 'northeurope'] },
    releaseNotesUrl: 'https://docs.hopsworks.ai/3.9/',
  })
})

test.each([
  ['without images', { images: [] }, 'images'],
  ['whose image has a URN and an id', { images: [{ os: 'ubuntu', urn: 'a:b:c:d', id: gallery }] }, 'either urn or id'],
  ['whose image is no image', { images: [{ os: 'ubuntu', id: '/subscriptions/s/resourceGroups/g' }] }, 'id of an image'],
  ['that nobody can install', { install: null }, 'not every image brings Hopsworks'],
  ['that can be reached and not upgraded to', { upgrade: null }, 'reached from another one'],
  ['that an upgrade would not check', { health: {} }, 'at least one check'],
  ['with a command that is a line of text', { health: { api: 'curl localhost' } }, 'expected array'],
])('an entry %s is refused', (_what, changes, message) => {
  const { error } = catalogueEntrySchema.safeParse({ ...entry, ...changes })
  expect(JSON.stringify(error?.issues)).toContain(message)
})

test('the seed goes up step by step, and one version is the default', () => {
  for (const [index, { upgradableFromVersion }] of seededEntries.entries())
    expect(upgradableFromVersion).toBe(seededEntries[index - 1]?.version ?? 'N/A')
  expect(seededEntries.filter((known) => known.default)).toEqual([newest])
})
