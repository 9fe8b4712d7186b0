import { z } from 'zod'
import type { OperationKind } from '../../../shared/operations/operation-kind.ts'
import type { Outcome } from '../../../shared/operations/outcome.ts'
import { ProblemError } from '../../../shared/problem.ts'
import type { Services } from '../../../shared/services.ts'
import type { Table } from '../../../shared/storage/table.ts'
import { update } from '../../../shared/storage/update.ts'

/** A stand-in for a cluster's row: which operation has it, and how the last one ended. */
export interface Toy {
  readonly activeOperation?: string
  readonly ended?: Outcome['state']
  /** How often an operation has settled it. */
  readonly settled: number
}

const toySchema = z.object({
  activeOperation: z.string().exactOptional(),
  ended: z.enum(['done', 'failed', 'cancelled']).exactOptional(),
  settled: z.number(),
})

export const toyTable = (services: Pick<Services, 'tables'>): Table<Toy> => services.tables.table('toys', toySchema)

const findToy = async (services: Services, clusterId: string) => (await toyTable(services).get('toy', clusterId))?.value

/** Makes an operation the toy's active one, unless another has it that is not to be superseded. */
export async function claimToy(services: Services, clusterId: string, operationId: string, supersedes?: string): Promise<void> {
  const claimed = (toy: Toy): Toy => {
    if (toy.activeOperation !== undefined && toy.activeOperation !== supersedes && toy.activeOperation !== operationId) {
      throw new ProblemError({ code: 'conflict', message: 'The toy is busy.', retryable: false })
    }
    return { settled: toy.settled, activeOperation: operationId }
  }
  const known = await update(toyTable(services), 'toy', clusterId, claimed)
  if (!known) await toyTable(services).insert('toy', clusterId, claimed({ settled: 0 }))
}

export const toyKind = (kind: string, cancel?: 'undo' | 'stop'): OperationKind => ({
  kind,
  ...(cancel && { cancel }),
  claimed: async (services, operation) => (await findToy(services, operation.subject.id))?.activeOperation === operation.id,
  reclaim: (services, operation) => claimToy(services, operation.subject.id, operation.id),
  async ended(services, operation, outcome) {
    await update(toyTable(services), 'toy', operation.subject.id, (toy) =>
      toy.activeOperation === operation.id ? { ended: outcome.state, settled: toy.settled + 1 } : undefined,
    )
  },
})
