import * as z from 'zod'

/** What a version of the catalogue is, and how it gets onto machines (docs/upgrades.md). */

/** A program and its arguments. Never a line for a shell put together from what came over the wire. */
const command = z.array(z.string().max(8192)).min(1).max(64).readonly()

export const versionName = z.string().regex(/^\d{1,4}\.\d{1,4}\.\d{1,4}(?:[-+_][\w.+-]{1,40})?$/, 'must be a version such as 3.9.0')

/** Literal on the wire for every region. */
export const ALL_REGIONS = 'ALL'
/** Literal on the wire for no version. */
export const NO_VERSION = 'N/A'

const region = z.union([z.literal(ALL_REGIONS), z.string().regex(/^[a-z0-9]{1,64}$/)], 'must be a location such as northeurope, or ALL')

const imageSchema = z
  .strictObject({
    os: z.enum(['ubuntu', 'centos']),
    regions: z.array(region).min(1).max(100).readonly().default([ALL_REGIONS]),
    urn: z
      .string()
      .regex(/^[\w.-]{1,100}:[\w.-]{1,100}:[\w.-]{1,100}:[\w.-]{1,100}$/, 'must be publisher:offer:sku:version of a marketplace image')
      .exactOptional(),
    id: z
      .string()
      .max(500)
      .regex(
        /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Compute\/(?:galleries\/[^/]+\/images\/[^/]+(?:\/versions\/[^/]+)?|images\/[^/]+)$/i,
        'must be the id of an image, or of an image in a compute gallery',
      )
      .exactOptional(),
    /** Made from a cluster: nothing has to be installed. */
    bringsHopsworks: z.boolean().default(false),
  })
  .refine(({ urn, id }) => (urn === undefined) !== (id === undefined), 'must have either urn or id')
export type VersionImage = Readonly<z.output<typeof imageSchema>>

const installSchema = z.strictObject({
  command,
  /** Exits with 0 once Hopsworks is installed and answers. */
  check: command,
  /** Not root: the installer refuses it. */
  user: z.string().regex(/^[a-z_][a-z0-9_-]{0,31}$/),
  timeoutSeconds: z.int().min(60).max(86_400),
  /** Sets the password of the first administrator: standard input is the user's name and the new password, a line each. */
  password: command,
})
/** Commands as argument lists; run on the head by its agent. */
export type Install = Readonly<z.output<typeof installSchema>>

const upgradeSchema = z.strictObject({
  /** Brings the data of the version before, on the disks that are mounted, to this one. */
  command,
  check: command,
  user: installSchema.shape.user,
  timeoutSeconds: installSchema.shape.timeoutSeconds,
})

/** What the agent runs around the snapshots of a cluster's disks, with the command's JSON on standard input; null: the version cannot be backed up. */
const backupSchema = z.strictObject({
  /** Brings to the disks what is not on them. */
  prepare: command,
  /** The snapshots are taken, or given up; perhaps before `prepare` had done anything. */
  finish: command,
  /** Brings back what lies outside the disks, and exits with 0 only when all data is there. */
  restore: command,
  /** Removes what it keeps for a backup outside the snapshots. */
  remove: command,
})

/** As it was accepted once: what is asked of entries today may be more. */
export const storedEntrySchema = z.strictObject({
  version: versionName,
  /** The one version from which this one can be reached. */
  upgradableFromVersion: z.union([versionName, z.literal(NO_VERSION)]).default(NO_VERSION),
  default: z.boolean().default(false),
  experimental: z.boolean().default(false),
  releaseNotesUrl: z.union([z.literal(''), z.url({ protocol: /^https?$/ }).max(500)]).default(''),
  images: z.array(imageSchema).min(1).max(200).readonly(),
  /** null: every image brings Hopsworks. */
  install: installSchema.nullable().default(null),
  /** null: nothing can be upgraded to this version. */
  upgrade: upgradeSchema.nullable().default(null),
  /** What must hold before an upgraded head gets the cluster's address, by name; each exits with 0. */
  health: z.record(z.string().regex(/^[a-z][a-z0-9-]{0,29}$/), command).default({}),
  backup: backupSchema.nullable().default(null),
  /** Prints the four numbers of the heartbeat's load as JSON; null: the cluster tells of no load, so its workers cannot scale with it. */
  load: command.nullable().default(null),
  /** Takes a worker out of service, whose host name is the last argument; null: it goes at once. */
  decommission: command.nullable().default(null),
})

export const catalogueEntrySchema = storedEntrySchema
  .refine(({ install, images }) => install !== null || images.every(({ bringsHopsworks }) => bringsHopsworks), {
    path: ['install'],
    message: 'is needed, because not every image brings Hopsworks',
  })
  .refine(({ upgrade, upgradableFromVersion }) => upgrade !== null || upgradableFromVersion === NO_VERSION, {
    path: ['upgrade'],
    message: 'is needed, because the version can be reached from another one',
  })
  .refine(({ upgrade, health }) => upgrade === null || Object.keys(health).length > 0, {
    path: ['health'],
    message: 'must have at least one check, because clusters can be upgraded to the version',
  })
export type CatalogueEntry = Readonly<z.output<typeof catalogueEntrySchema>>

export type OperatingSystem = VersionImage['os']

/** The image of a version in a location: one that is meant for it before one that is meant for all. */
export function imageIn({ images }: CatalogueEntry, os: OperatingSystem, location: string): VersionImage | undefined {
  const fitting = images.filter((image) => image.os === os)
  return fitting.find(({ regions }) => regions.includes(location)) ?? fitting.find(({ regions }) => regions.includes(ALL_REGIONS))
}

/** How Hopsworks gets onto a machine of that image; null: it is there. */
export const installOf = (entry: CatalogueEntry, image: VersionImage): Install | null => (image.bringsHopsworks ? null : entry.install)

/** As Azure's `imageReference`. */
export function imageReference({ urn, id }: VersionImage) {
  if (id !== undefined) return { id }
  const [publisher = '', offer = '', sku = '', version = ''] = urn?.split(':') ?? []
  return { publisher, offer, sku, version }
}
