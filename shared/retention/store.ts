import * as z from 'zod'
import { rowKey } from '../storage/row-key.ts'
import type { Table, Tables } from '../storage/table.ts'
import {
  type Exception,
  exceptionSchema,
  type Finding,
  findingSchema,
  type RepositoryResult,
  type Run,
  repositoryResultSchema,
  runSchema,
} from './run.ts'

/** The tables of runs: partition → row. */
export interface RunStore {
  /** Registry id → run id, newest first. */
  readonly runs: Table<Run>
  /** Run id → number of the batch: the names of its repositories. */
  readonly batches: Table<readonly string[]>
  /** Run id → repository. */
  readonly results: Table<RepositoryResult>
  /** Run id → repository and number: written before anything is deleted. */
  readonly findings: Table<readonly Finding[]>
  /** Run id → repository and number: of what has ended, and under `outcomesName` of what was interrupted. */
  readonly exceptions: Table<readonly Exception[]>
}

const stores = new WeakMap<Tables, RunStore>()

/** One store for one storage: a table object asks once whether its table exists. */
export function runStore(tables: Tables): RunStore {
  const known = stores.get(tables)
  if (known) return known
  const store: RunStore = {
    runs: tables.table('retentionruns', runSchema),
    batches: tables.table('retentionbatches', z.array(z.string()).readonly()),
    results: tables.table('retentionresults', repositoryResultSchema),
    findings: tables.table('retentionfindings', z.array(findingSchema).readonly()),
    exceptions: tables.table('retentionexceptions', z.array(exceptionSchema).readonly()),
  }
  stores.set(tables, store)
  return store
}

const FIGURES = 6

/** The key of the n-th row of a list that is kept in pieces; no name that a row key may hold has a tilde of its own. */
export const pieceKey = (name: string, number: number): string => `${rowKey(name)}~${String(number).padStart(FIGURES, '0')}`

/** No repository is called so. */
export const outcomesName = (repository: string): string => `${repository}@outcomes`
