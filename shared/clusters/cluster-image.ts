import { ProblemError } from '../problem.ts'
import { type CatalogueEntry, imageIn, type VersionImage } from '../versions/entry.ts'
import type { Cluster } from './cluster.ts'

/** The image that a cluster's machines are made from in a version; ProblemError `invalid` where there is none for its location. */
export function imageOf({ request: { os, location } }: Pick<Cluster, 'request'>, entry: CatalogueEntry): VersionImage {
  const image = imageIn(entry, os, location)
  if (image) return image
  throw new ProblemError({
    code: 'invalid',
    message: `There is no ${os} image of version ${entry.version} in ${location}.`,
    remedy: 'An administrator adds one with POST /api/versions.',
    retryable: false,
  })
}
