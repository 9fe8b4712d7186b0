import * as z from 'zod'
import { problemSchema } from '../operations/problem-schema.ts'
import { policySchema } from './policy.ts'

export const triggers = ['schedule', 'hand', 'event'] as const

/** `incomplete`: it went through, but some repository or manifest could not be dealt with. */
export const runStates = ['pending', 'running', 'succeeded', 'incomplete', 'failed'] as const

export const totalsSchema = z.strictObject({
  repositories: z.number(),
  /** Manifests that were listed; of repositories that had not changed none are. */
  listed: z.number(),
  candidates: z.number(),
  deleted: z.number(),
  /** Planned, and kept after all. */
  spared: z.number(),
  failed: z.number(),
  /** Estimated: layers that images share count once for each. */
  deletedBytes: z.number(),
  /** Repositories that had not changed. */
  unchanged: z.number(),
  /** Repositories that were left alone for a reason that somebody should know. */
  held: z.number(),
  failedRepositories: z.number(),
})
export type Totals = z.output<typeof totalsSchema>

/** One pass over a registry. */
export const runSchema = z.strictObject({
  id: z.string(),
  registryId: z.string(),
  trigger: z.enum(triggers),
  requestedBy: z.string(),
  /** It only tells what it would do. */
  dryRun: z.boolean(),
  /** Somebody looked at the preview and says that so much may be deleted. */
  brakeOff: z.boolean(),
  state: z.enum(runStates),
  /** Another one after each loss of its orchestration: what remains of a former one is stale. */
  attempt: z.number(),
  /** As it was when the run began; a later change counts for the next run. */
  policy: policySchema,
  /** What events told of, each with the epoch seconds of the latest. */
  events: z
    .array(z.strictObject({ repository: z.string(), eventOn: z.number() }).readonly())
    .readonly()
    .exactOptional(),
  /** Epoch seconds. Ages are counted at `createdOn`, also when the run takes days. */
  createdOn: z.number(),
  startedOn: z.number().exactOptional(),
  endedOn: z.number().exactOptional(),
  batches: z.number().exactOptional(),
  totals: totalsSchema.exactOptional(),
  /** Repositories of the run before that the catalog shows no more, and how many of them there are. */
  vanished: z.array(z.string()).exactOptional(),
  vanishedCount: z.number().exactOptional(),
  problem: problemSchema.exactOptional(),
})
export type Run = Readonly<z.output<typeof runSchema>>

/** An event leads to a look at the repositories that it is about; every other run goes over the whole registry. */
export const isWhole = ({ trigger }: Pick<Run, 'trigger'>): boolean => trigger !== 'event'

export const hasEnded = ({ state }: Pick<Run, 'state'>): boolean => state !== 'pending' && state !== 'running'

export const holds = ['repository-locked', 'unreadable', 'brake', 'incomplete-listing'] as const

/** What a run did in one repository. */
export const repositoryResultSchema = z.strictObject({
  repository: z.string(),
  /** `planned`: decided and written down; deletions may have begun. */
  state: z.enum(['planned', 'done']),
  /** `excluded`: the policy leaves it alone. `unchanged`: nothing has changed since an earlier run, and nothing became due. */
  result: z.enum(['cleaned', 'previewed', 'unchanged', 'excluded', 'gone', 'held', 'failed']).exactOptional(),
  hold: z.enum(holds).exactOptional(),
  rule: z.string().exactOptional(),
  listed: z.number(),
  candidates: z.number(),
  candidateBytes: z.number(),
  deleted: z.number(),
  deletedBytes: z.number(),
  spared: z.number(),
  failed: z.number(),
  /** Rows of findings. */
  chunks: z.number(),
  /** Rows of exceptions, once it has ended: every planned manifest that is not among them was deleted. */
  exceptions: z.number().exactOptional(),
  /** Rows of what became of single manifests until it was interrupted. */
  outcomes: z.number().exactOptional(),
  /** How often it was taken up again. */
  activations: z.number(),
  problem: problemSchema.exactOptional(),
})
export type RepositoryResult = Readonly<z.output<typeof repositoryResultSchema>>

/** One untagged manifest as a run found it. */
export const findingSchema = z.strictObject({
  digest: z.string(),
  mediaType: z.string().exactOptional(),
  size: z.number(),
  pushedOn: z.number().exactOptional(),
  untaggedSince: z.number().exactOptional(),
  decision: z.enum(['delete', 'keep']),
  /** Why: `untagged` for what goes, otherwise what keeps it. */
  reason: z.string(),
  /** The manifest that keeps it. */
  by: z.string().exactOptional(),
})
export type Finding = Readonly<z.output<typeof findingSchema>>

/** A planned deletion that did not come to pass; of one that was interrupted, what came of it. */
export const exceptionSchema = z.strictObject({ digest: z.string(), outcome: z.string(), problem: problemSchema.exactOptional() })
export type Exception = Readonly<z.output<typeof exceptionSchema>>
