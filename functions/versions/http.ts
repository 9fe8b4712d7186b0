import * as z from 'zod'
import { defineEndpoint, type Endpoint } from '../../shared/http/endpoint.ts'
import { askForCheck } from '../../shared/notifications/check-versions.ts'
import { offeredVersion, offeredVersions, putVersion, retireVersion } from '../../shared/versions/catalogue.ts'
import { catalogueEntrySchema, versionName } from '../../shared/versions/entry.ts'
import { supportedVersion, toSupportedVersion } from '../../shared/versions/wire.ts'

const dryRun = z.object({ version: catalogueEntrySchema })

export const versionEndpoints: readonly Endpoint[] = [
  defineEndpoint({
    name: 'clusters-hopsworks-versions',
    method: 'GET',
    route: 'clusters/hopsworks/versions/{cloud}',
    role: 'reader',
    summary: 'List the versions that clusters can have, newest last',
    params: z.object({ cloud: z.enum(['AWS', 'AZURE', 'GCP']) }),
    response: z.object({ versions: z.array(supportedVersion) }),
    async handler({ params: { cloud }, services }) {
      return { versions: cloud === 'AZURE' ? (await offeredVersions(services)).map(toSupportedVersion) : [] }
    },
  }),
  defineEndpoint({
    name: 'versions-list',
    method: 'GET',
    route: 'versions',
    role: 'reader',
    summary: 'List the version catalogue with images and commands, newest last',
    response: z.object({ versions: z.array(catalogueEntrySchema).readonly() }),
    handler: async ({ services }) => ({ versions: await offeredVersions(services) }),
  }),
  defineEndpoint({
    name: 'versions-put',
    method: 'POST',
    route: 'versions',
    role: 'admin',
    summary: 'Offer a version, or change how it is installed',
    request: catalogueEntrySchema,
    response: z.object({ version: catalogueEntrySchema }),
    dryRun,
    async handler({ body, dryRun, services }) {
      if (!dryRun) {
        await putVersion(services, body)
        await askForCheck(services)
      }
      return { version: body }
    },
  }),
  defineEndpoint({
    name: 'versions-retire',
    method: 'DELETE',
    route: 'versions/{version}',
    role: 'admin',
    summary: 'Take a version off the offer; clusters that have it keep it',
    params: z.object({ version: versionName }),
    dryRun,
    async handler({ params: { version }, dryRun, services }) {
      if (dryRun) return { version: await offeredVersion(services, version) }
      await retireVersion(services, version)
      return askForCheck(services)
    },
  }),
]
