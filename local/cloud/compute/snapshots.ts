import { z } from 'zod'
import { parseBody } from '../arm/request-body.ts'
import { defaultView } from '../arm/view.ts'
import type { Call, ResourceType, Written } from '../provider.ts'
import { DISK_VERSIONS } from './api-versions.ts'
import { accessActions } from './disk-access.ts'
import { copied } from './disk-contents.ts'
import { diskProperties } from './disk-properties.ts'
import { copySource, links } from './disks.ts'
import { operationNotAllowed } from './errors.ts'
import { objectAt, textAt } from './read-json.ts'
import { region } from './region.ts'

const snapshotBody = z.object({
  location: region,
  sku: z.object({ name: z.enum(['Standard_LRS', 'Standard_ZRS', 'Premium_LRS']) }).nullish(),
  properties: z.object({
    incremental: z.boolean().nullish(),
    creationData: z.object({ createOption: z.enum(['Copy', 'CopyStart']), sourceResourceId: z.string().nullish() }),
  }),
})

export const snapshots: ResourceType = {
  type: 'snapshots',
  apiVersions: DISK_VERSIONS,
  tracked: true,
  namePattern: /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}$/,
  links,
  write: (call, existing) => (existing ? { properties: existing.properties, takes: 'snapshot.create' } : created(call)),
  remove(_call, snapshot) {
    if (snapshot.hidden.access) {
      throw operationNotAllowed(
        `Snapshot ${snapshot.name} is currently being accessed through a shared access signature. Revoke it before deleting it.`,
      )
    }
    return { takes: 'snapshot.delete' }
  },
  actions: accessActions(() => undefined),
  view(_azure, snapshot) {
    const body = defaultView(snapshot)
    return { ...body, properties: { ...objectAt(body, 'properties'), diskState: snapshot.hidden.access ? 'ActiveSAS' : 'Unattached' } }
  },
}

function created(call: Call): Written {
  const { azure } = call
  const { location, sku, properties } = parseBody(snapshotBody, call)
  const { source, sizeGb, osType } = copySource(azure, properties.creationData.sourceResourceId, location)
  const uniqueId = textAt(source.properties, 'uniqueId')
  const name = sku?.name ?? 'Standard_LRS'
  return {
    properties: {
      ...diskProperties(azure, {
        sizeGb,
        sku: name,
        creationData: { createOption: properties.creationData.createOption, sourceResourceId: source.id, sourceUniqueId: uniqueId },
        ...(osType && { osType }),
      }),
      incremental: properties.incremental ?? false,
      ...(properties.incremental && { incrementalSnapshotFamilyId: uniqueId }),
      completionPercent: 100,
    },
    envelope: { sku: { name, tier: name.split('_')[0] } },
    hidden: copied(source),
    status: 202,
    takes: 'snapshot.create',
  }
}
