import { type CatalogueEntry, imageIn, type OperatingSystem } from '../versions/entry.ts'

interface Running {
  readonly version: string
  readonly os: OperatingSystem
  readonly location: string
}

/** The newest version that a cluster can be upgraded to where it is; `offered` ascending. Nobody is told of experiments. */
export function newerVersion(offered: readonly CatalogueEntry[], { version, os, location }: Running): CatalogueEntry | undefined {
  return offered.findLast(
    (entry) => entry.upgradableFromVersion === version && !entry.experimental && imageIn(entry, os, location) !== undefined,
  )
}
