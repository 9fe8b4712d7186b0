import type { Services } from '../services.ts'
import type { Kinds } from './kinds.ts'
import { type OperationReader, operationReader } from './operation-reader.ts'
import { type PlanReader, planReader } from './plan-reader.ts'
import { operationStore } from './store.ts'

/** What the executor works with, built once per app. */
export interface Workshop {
  readonly services: Services
  readonly kinds: Kinds
  readonly operations: OperationReader
  readonly plans: PlanReader
}

export function createWorkshop(services: Services, kinds: Kinds): Workshop {
  const store = operationStore(services.tables)
  return { services, kinds, operations: operationReader(store), plans: planReader(store) }
}
