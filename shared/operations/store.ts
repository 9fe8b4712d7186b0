import * as z from 'zod'
import type { Table, Tables } from '../storage/table.ts'
import { type LedgerEntry, ledgerStates } from './ledger.ts'
import { type Operation, operationSchema } from './operation.ts'
import type { Plan } from './plan.ts'
import { planSchema } from './plan-schema.ts'
import { type StepRecord, stepRecordSchema } from './step-record.ts'

/** An operation that has not been seen to end. `since`: epoch seconds of its start or latest retry. */
export interface ActiveEntry {
  readonly since: number
}

export interface EndedEntry {
  readonly operationId: string
}

/** The tables of the operations: partition → row. */
export interface OperationStore {
  /** Subject's id → operation id, newest first. */
  readonly operations: Table<Operation>
  /** Operation id → `PLAN_ROW`. Written once. */
  readonly plans: Table<Plan>
  /** Operation id → rowKey(step id). */
  readonly steps: Table<StepRecord>
  /** `ACTIVE` → operation id: what the watchdog walks. */
  readonly active: Table<ActiveEntry>
  /** `STEP_DURATIONS` → step kind: real Azure's seconds of its latest runs, newest first. */
  readonly durations: Table<readonly number[]>
  /** In the order of time: what ended, for the purge. */
  readonly ended: Table<EndedEntry>
  /** Subject's id → rowKey(lower-case ARM id). */
  readonly resources: Table<LedgerEntry>
}

export const PLAN_ROW = 'plan'
export const ACTIVE = 'active'
export const STEP_DURATIONS = 'step'

const activeSchema = z.strictObject({ since: z.number() })
const endedSchema = z.strictObject({ operationId: z.string() })
const durationsSchema = z.array(z.number()).readonly()
const ledgerSchema = z.strictObject({ armId: z.string(), state: z.enum(ledgerStates), operationId: z.string(), since: z.number() })

const stores = new WeakMap<Tables, OperationStore>()

/** One store for one storage: a table object asks once whether its table exists. */
export function operationStore(tables: Tables): OperationStore {
  const known = stores.get(tables)
  if (known) return known
  const store: OperationStore = {
    operations: tables.table('operations', operationSchema),
    plans: tables.table('plans', planSchema),
    steps: tables.table('steps', stepRecordSchema),
    active: tables.table('active', activeSchema),
    durations: tables.table('durations', durationsSchema),
    ended: tables.table('ended', endedSchema),
    resources: tables.table('resources', ledgerSchema),
  }
  stores.set(tables, store)
  return store
}
