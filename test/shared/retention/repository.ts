import { createHash } from 'node:crypto'
import type { z } from 'zod'
import { type Decision, decide } from '../../../shared/retention/decide.ts'
import type { Body, Links, Manifest } from '../../../shared/retention/manifest.ts'
import { policySchema, ruleSchema } from '../../../shared/retention/policy.ts'

export const DAY = 86_400
export const NOW = 1_800_000_000
export const OCI_IMAGE = 'application/vnd.oci.image.manifest.v1+json'
export const OCI_INDEX = 'application/vnd.oci.image.index.v1+json'
export const DOCKER_IMAGE = 'application/vnd.docker.distribution.manifest.v2+json'
export const DOCKER_LIST = 'application/vnd.docker.distribution.manifest.list.v2+json'
export const ORAS = 'application/vnd.cncf.oras.artifact.manifest.v1+json'

export const digestOf = (name: string): string => `sha256:${createHash('sha256').update(name).digest('hex')}`

/** A manifest by a name that a reader can follow: an OCI image, untagged, a month old and unlocked, unless told. */
export interface Drawn extends Partial<Omit<Manifest, 'digest'>> {
  readonly name: string
  /** Names. */
  readonly children?: readonly string[]
  readonly subject?: string
  readonly annotations?: Readonly<Record<string, string>>
  readonly body?: Body
  /** Days since it was first seen untagged; 30 unless told. */
  readonly untaggedDays?: number
}

export function manifestOf({ name, children, subject, annotations, body, untaggedDays, ...given }: Drawn): Manifest {
  return {
    digest: digestOf(name),
    mediaType: children ? OCI_INDEX : OCI_IMAGE,
    size: 100,
    pushedOn: NOW - 30 * DAY,
    tags: [],
    locked: false,
    quarantined: false,
    ...given,
  }
}

export function bodyOf({ children = [], subject, annotations, body }: Drawn): Body {
  const links: Links = {
    children: children.map(digestOf),
    ...(subject !== undefined && { subject: digestOf(subject) }),
    ...(annotations && { annotations }),
  }
  return body ?? links
}

interface Options {
  readonly rule?: Partial<z.input<typeof ruleSchema>>
  readonly policy?: z.input<typeof policySchema>
  readonly repositoryLocked?: boolean
}

export function decideOn(drawn: readonly Drawn[], { rule, policy, repositoryLocked = false }: Options = {}): Decision {
  const since = new Map(drawn.map(({ name, untaggedDays = 30 }) => [digestOf(name), NOW - untaggedDays * DAY]))
  return decide(
    {
      manifests: drawn.map(manifestOf),
      bodies: new Map(drawn.map((one) => [digestOf(one.name), bodyOf(one)])),
      repositoryLocked,
      untaggedSince: (digest) => since.get(digest),
      now: NOW,
    },
    ruleSchema.parse({ name: 'all', ...rule }),
    policySchema.parse({ brake: { manifests: 1_000_000, share: 1 }, ...policy }),
  )
}

/** Names of what would be deleted, in the order of deletion. */
export function deletedFrom(drawn: readonly Drawn[], options?: Options): readonly string[] {
  const names = new Map(drawn.map(({ name }) => [digestOf(name), name]))
  return decideOn(drawn, options).deletable.map(({ digest }) => names.get(digest) ?? digest)
}

/** Why each of the others stays. */
export function keptFrom(drawn: readonly Drawn[], options?: Options): Readonly<Record<string, string>> {
  const { kept } = decideOn(drawn, options)
  return Object.fromEntries(drawn.flatMap(({ name }) => [[name, kept.get(digestOf(name))?.reason ?? '']]).filter(([, reason]) => reason))
}
