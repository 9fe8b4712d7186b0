import * as z from 'zod'
import { problemSchema } from '../operations/problem-schema.ts'
import { holds, type RepositoryResult, type Run, runStates, totalsSchema, triggers } from './run.ts'

export const runView = z.object({
  id: z.string(),
  registryId: z.string(),
  trigger: z.enum(triggers),
  requestedBy: z.string(),
  dryRun: z.boolean(),
  mode: z.enum(['preview', 'enforce']),
  state: z.enum(runStates),
  createdOn: z.number().describe('Epoch seconds; ages are counted at this time'),
  startedOn: z.number().exactOptional(),
  endedOn: z.number().exactOptional(),
  totals: totalsSchema.exactOptional(),
  vanished: z.array(z.string()).exactOptional().describe('Repositories of the run before that the catalog shows no more'),
  vanishedCount: z.number().exactOptional(),
  problem: problemSchema.exactOptional(),
})

export function viewOfRun({ attempt: _, policy, brakeOff: __, batches: ___, events: ____, ...run }: Run): z.input<typeof runView> {
  return { ...run, mode: policy.mode }
}

export const repositoryResultView = z.object({
  repository: z.string(),
  state: z.enum(['planned', 'done']),
  result: z.enum(['cleaned', 'previewed', 'unchanged', 'excluded', 'gone', 'held', 'failed']).exactOptional(),
  hold: z.enum(holds).exactOptional().describe('Why nothing was deleted'),
  rule: z.string().exactOptional(),
  listed: z.number(),
  candidates: z.number(),
  candidateBytes: z.number(),
  deleted: z.number(),
  deletedBytes: z.number(),
  spared: z.number().describe('Planned, and kept by the last look'),
  failed: z.number(),
  problem: problemSchema.exactOptional(),
})

export function viewOfResult({
  chunks: _,
  activations: __,
  exceptions: ___,
  outcomes: ____,
  ...result
}: RepositoryResult): z.input<typeof repositoryResultView> {
  return result
}

export const reportLineView = z.object({
  repository: z.string(),
  rule: z.string(),
  digest: z.string(),
  mediaType: z.string().exactOptional(),
  size: z.number(),
  pushedOn: z.number().exactOptional(),
  untaggedSince: z.number().exactOptional(),
  decision: z.enum(['delete', 'keep']),
  reason: z.string(),
  by: z.string().exactOptional().describe('The manifest that keeps it'),
  outcome: z.string(),
  problem: z.string().exactOptional(),
})
