import * as z from 'zod'
import { type Body, type Manifest, MOST_ANNOTATIONS } from '../../retention/manifest.ts'

/** Only what is used; the registry may add what it likes. */
const attributes = z.object({
  deleteEnabled: z.boolean().optional(),
  writeEnabled: z.boolean().optional(),
  quarantineState: z.string().optional(),
})
type Attributes = z.output<typeof attributes>

const digest = z.string().regex(/^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[0-9a-fA-F]{32,}$/)

const manifest = z.object({
  digest,
  imageSize: z.number().optional(),
  createdTime: z.string().optional(),
  lastUpdateTime: z.string().optional(),
  mediaType: z.string().optional(),
  tags: z.array(z.string()).nullish(),
  changeableAttributes: attributes.optional(),
})

export const manifestPage = z.object({ manifests: z.array(manifest).nullish() })
export const oneManifest = z.object({ manifest })
export const catalogPage = z.object({ repositories: z.array(z.string()).nullish() })
export const tagPage = z.object({
  tags: z
    .array(
      z.object({
        name: z.string(),
        digest: z.string(),
        lastUpdateTime: z.string().optional(),
        changeableAttributes: attributes.optional(),
      }),
    )
    .nullish(),
})
export const repositoryAttributes = z.object({
  manifestCount: z.number().optional(),
  tagCount: z.number().optional(),
  createdTime: z.string().optional(),
  lastUpdateTime: z.string().optional(),
  changeableAttributes: attributes.optional(),
})

export const isLocked = ({ deleteEnabled, writeEnabled }: Attributes = {}): boolean => deleteEnabled === false || writeEnabled === false

/** Epoch seconds; undefined for what is no time. */
export function secondsOf(time: string | undefined): number | undefined {
  const ms = Date.parse(time ?? '')
  return Number.isNaN(ms) ? undefined : Math.floor(ms / 1000)
}

export function manifestFrom(raw: z.output<typeof manifest>): Manifest {
  const times = [secondsOf(raw.createdTime), secondsOf(raw.lastUpdateTime)].filter((time) => time !== undefined)
  const state = raw.changeableAttributes?.quarantineState
  return {
    digest: raw.digest,
    size: raw.imageSize ?? 0,
    tags: raw.tags ?? [],
    locked: isLocked(raw.changeableAttributes),
    quarantined: state !== undefined && state !== 'Passed',
    ...(raw.mediaType !== undefined && { mediaType: raw.mediaType }),
    ...(times.length > 0 && { pushedOn: Math.max(...times) }),
  }
}

const descriptor = z.object({ digest: z.string() })
const body = z.object({
  manifests: z.array(descriptor).nullish(),
  subject: descriptor.nullish(),
  annotations: z.record(z.string(), z.string()).nullish(),
})

/** No policy asks for a longer one. */
const LONGEST_VALUE = 256

/** What a manifest's body refers to; `unreadable` where it is not what any manifest is. */
export function bodyFrom(text: string): Body {
  let raw: unknown
  try {
    raw = JSON.parse(text)
  } catch {
    return 'unreadable'
  }
  const parsed = body.safeParse(raw)
  if (!parsed.success) return 'unreadable'
  const { manifests, subject, annotations } = parsed.data
  const kept = Object.entries(annotations ?? {}).slice(0, MOST_ANNOTATIONS)
  return {
    children: (manifests ?? []).map((child) => child.digest),
    ...(subject && { subject: subject.digest }),
    ...(kept.length > 0 && { annotations: Object.fromEntries(kept.map(([name, value]) => [name, value.slice(0, LONGEST_VALUE)])) }),
  }
}
