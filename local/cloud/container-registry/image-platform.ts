import { z } from 'zod'
import type { Contents } from './contents.ts'
import type { ManifestBody } from './manifest-body.ts'

/** Bytes of a configuration that is looked into. */
const LARGEST_CONFIG = 1024 * 1024

const configSchema = z.object({ architecture: z.string().max(50).optional(), os: z.string().max(50).optional() })

/** What a listing says about an image beside its manifest: it stands in the configuration. */
export function platformOf(contents: Contents, { config }: ManifestBody): { configMediaType?: string; architecture?: string; os?: string } {
  if (!config) return {}
  const configMediaType = config.mediaType
  const size = contents.bytes.blobSize(config.digest)
  if (size === undefined || size > LARGEST_CONFIG) return { configMediaType }
  try {
    const { architecture, os } = configSchema.parse(JSON.parse(contents.bytes.readBlob(config.digest).toString('utf8')))
    return { configMediaType, ...(architecture !== undefined && { architecture }), ...(os !== undefined && { os }) }
  } catch {
    // Artifacts keep what they like in their configuration.
    return { configMediaType }
  }
}
