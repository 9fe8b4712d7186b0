import { operationKinds } from '../shared/operation-kinds.ts'
import type { Kinds } from '../shared/operations/kinds.ts'
import { stepKinds } from '../shared/step-kinds.ts'

/** All that the app can run. */
export const kinds: Kinds = { steps: stepKinds, operations: operationKinds }
