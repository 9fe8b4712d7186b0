import { everyRow } from '../operations/every-row.ts'
import { ProblemError } from '../problem.ts'
import type { Services } from '../services.ts'
import { rowKey } from '../storage/row-key.ts'
import { readPieces } from './pieces.ts'
import { type Exception, type Finding, hasEnded, type RepositoryResult, type Run } from './run.ts'
import { outcomesName, runStore } from './store.ts'

type World = Pick<Services, 'tables'>

/**
 * A finding with what became of it: `planned` as long as nothing was done about it, or in a preview; `not-tried` where the run ended before;
 * `unknown` where it may have been deleted and nobody could look any more.
 */
export interface ReportLine extends Finding {
  readonly repository: string
  readonly rule: string
  readonly outcome: string
  /** Why a deletion failed. */
  readonly problem?: string
}

/** Untagged manifests of a whole report; larger ones are read repository by repository. */
const LARGEST_REPORT = 50_000

export async function repositoryResults(services: World, run: Run): Promise<readonly RepositoryResult[]> {
  return everyRow((page) => runStore(services.tables).results.list(run.id, page))
}

/** What a run found in one repository; ProblemError `not-found` where it did not look at it. */
export async function repositoryReport(services: World, run: Run, repository: string): Promise<readonly ReportLine[]> {
  const result = (await runStore(services.tables).results.get(run.id, rowKey(repository)))?.value
  if (!result) throw new ProblemError({ code: 'not-found', message: 'The run has not looked at such a repository.', retryable: false })
  return linesOf(services, run, result)
}

/** What a run found; ProblemError `too-large` where that is more than one answer holds. */
export async function wholeReport(services: World, run: Run): Promise<readonly ReportLine[]> {
  const lines: ReportLine[] = []
  for (const result of await repositoryResults(services, run)) {
    for (const line of await linesOf(services, run, result)) lines.push(line)
    if (lines.length > LARGEST_REPORT) throw tooLarge(run)
  }
  return lines
}

async function linesOf(services: World, run: Run, result: RepositoryResult): Promise<readonly ReportLine[]> {
  const { repository, chunks, rule = '' } = result
  const [findings, endings] = await Promise.all([
    readPieces(runStore(services.tables).findings, run.id, repository, chunks),
    endingsOf(services, run, result),
  ])
  const told = new Map(endings.told.map((exception) => [exception.digest, exception]))
  return findings.map((finding): ReportLine => {
    const exception = told.get(finding.digest)
    return {
      repository,
      rule,
      ...finding,
      outcome: finding.decision === 'delete' ? (exception?.outcome ?? endings.others) : 'kept',
      ...(exception?.problem && { problem: exception.problem.message }),
    }
  })
}

/** What became of single planned manifests, and of all others. */
async function endingsOf({ tables }: World, run: Run, result: RepositoryResult) {
  const table = runStore(tables).exceptions
  const { repository, candidates, deleted, exceptions, outcomes = 0 } = result
  if (exceptions !== undefined) return { told: await readPieces(table, run.id, repository, exceptions), others: 'deleted' }
  if (result.result === 'cleaned') {
    // A row of earlier times does not tell how many there are.
    return { told: candidates > deleted ? await allExceptions(table, run.id, repository) : [], others: 'deleted' }
  }
  const told = await readPieces(table, run.id, outcomesName(repository), outcomes)
  return { told, others: isLost(run, result) ? 'unknown' : 'planned' }
}

/** Deletions may have begun, and nobody could look what came of them. */
const isLost = (run: Run, { state, result, hold }: RepositoryResult): boolean =>
  state === 'planned' ? hasEnded(run) : result === 'failed' || hold === 'incomplete-listing'

async function allExceptions(
  table: ReturnType<typeof runStore>['exceptions'],
  runId: string,
  repository: string,
): Promise<readonly Exception[]> {
  const rows = await everyRow((page) => table.list(runId, { ...page, prefix: `${rowKey(repository)}~` }))
  return rows.flat()
}

const tooLarge = ({ id, registryId }: Run) =>
  new ProblemError({
    code: 'too-large',
    message: 'The report is too large for one answer.',
    remedy: `Ask for one repository at a time: GET /api/registries/${registryId}/runs/${id}/report?repository=...`,
    retryable: false,
  })

const COLUMNS = [
  'repository',
  'digest',
  'mediaType',
  'size',
  'pushedOn',
  'untaggedSince',
  'rule',
  'decision',
  'reason',
  'by',
  'outcome',
  'problem',
] as const

/** RFC 4180, times in ISO 8601. */
export function toCsv(lines: readonly ReportLine[]): string {
  const rows = lines.map((line) =>
    COLUMNS.map((column) => cell(column.endsWith('On') || column === 'untaggedSince' ? isoTime(line[column]) : line[column])).join(','),
  )
  return `${[COLUMNS.join(','), ...rows].join('\r\n')}\r\n`
}

function cell(value: string | number | undefined): string {
  const text = String(value ?? '')
  // A spreadsheet would take what begins so for a formula, and whoever pushes chooses some of these texts.
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

const isoTime = (seconds: string | number | undefined): string =>
  typeof seconds === 'number' ? new Date(seconds * 1000).toISOString().replace('.000Z', 'Z') : ''
