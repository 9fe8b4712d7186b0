import type { Decision } from './decide.ts'
import type { Exception, RepositoryResult } from './run.ts'
import type { Scan } from './scan.ts'
import { isGone, type SweepResult } from './sweep.ts'

/** What was planned and is not gone, with the reason, and the bytes of it. */
export interface Remains {
  readonly exceptions: readonly Exception[]
  readonly bytes: number
}

export const NOTHING_LEFT: Remains = { exceptions: [], bytes: 0 }
const NOT_TRIED = 'not-tried'

/** What the listing shows of the plan, less what was deleted since. What it does not show is gone, whoever was killed before he could tell. */
export function remainsOf(
  planned: ReadonlySet<string>,
  { manifests }: Scan,
  { kept }: Decision,
  { swept }: Partial<SweepResult> = {},
): Remains {
  const exceptions: Exception[] = []
  let bytes = 0
  for (const { digest, size } of manifests) {
    const end = swept?.get(digest)
    if (!planned.has(digest) || isGone(end)) continue
    const outcome = end?.outcome ?? kept.get(digest)?.reason ?? NOT_TRIED
    exceptions.push({ digest, outcome, ...(end?.outcome === 'failed' && { problem: end.problem }) })
    bytes += size
  }
  return { exceptions, bytes }
}

/** The result of a plan of which so much is left. */
export function counted(result: RepositoryResult, { exceptions, bytes }: Remains): RepositoryResult {
  const count = (wanted: string) => exceptions.filter(({ outcome }) => outcome === wanted).length
  const failed = count('failed')
  return {
    ...result,
    deleted: result.candidates - exceptions.length,
    deletedBytes: result.candidateBytes - bytes,
    spared: exceptions.length - failed - count(NOT_TRIED),
    failed,
  }
}

/** Of a repository about which nothing is known yet. */
export const blank = (repository: string): RepositoryResult => ({
  repository,
  state: 'done',
  listed: 0,
  candidates: 0,
  candidateBytes: 0,
  deleted: 0,
  deletedBytes: 0,
  spared: 0,
  failed: 0,
  chunks: 0,
  activations: 1,
})
