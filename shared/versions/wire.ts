import * as z from 'zod'
import type { CatalogueEntry, OperatingSystem } from './entry.ts'

/** A version as Terraform's provider reads it (contract §1.4). */
export const supportedVersion = z.object({
  version: z.string(),
  upgradableFromVersion: z.string().describe('One version, or N/A'),
  default: z.boolean(),
  experimental: z.boolean(),
  regions: z.object({ ubuntu: z.array(z.string()).exactOptional(), centos: z.array(z.string()).exactOptional() }),
  releaseNotesUrl: z.string(),
})
export type SupportedVersion = z.output<typeof supportedVersion>

export function toSupportedVersion(entry: CatalogueEntry): SupportedVersion {
  const { version, upgradableFromVersion, experimental, releaseNotesUrl } = entry
  const [ubuntu, centos] = [regionsOf(entry, 'ubuntu'), regionsOf(entry, 'centos')]
  const regions = { ...(ubuntu.length > 0 && { ubuntu }), ...(centos.length > 0 && { centos }) }
  return { version, upgradableFromVersion, default: entry.default, experimental, regions, releaseNotesUrl }
}

const regionsOf = ({ images }: CatalogueEntry, os: OperatingSystem): string[] => [
  ...new Set(images.filter((image) => image.os === os).flatMap(({ regions }) => regions)),
]
