import * as z from 'zod'
import type { AzureClients } from '../../azure/clients.ts'
import { operationError } from '../../azure/operation-error.ts'
import type { OperationUrl } from '../../azure/submitted.ts'
import type { StepContext } from '../../operations/context.ts'
import type { Problem } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { rowKey } from '../../storage/row-key.ts'

const submissionSchema = z.strictObject({ url: z.string() })

/** Cluster id → ARM id: where Azure tells how the latest request for the resource ends. */
const submissionTable = ({ tables }: Pick<Services, 'tables'>) => tables.table('submissions', submissionSchema)

const rowOf = (id: string) => rowKey(id.toLowerCase())

export async function noteSubmission({ services, subjectId: clusterId }: StepContext, id: string, url: OperationUrl): Promise<void> {
  if (url !== undefined) await submissionTable(services).upsert(clusterId, rowOf(id), { url })
}

/** Why the latest request for a resource failed; undefined where Azure does not tell. */
export async function reasonOf(
  { services, subjectId: clusterId }: StepContext,
  clients: AzureClients,
  id: string,
): Promise<Problem | undefined> {
  const submission = await submissionTable(services).get(clusterId, rowOf(id))
  const problem = submission && (await operationError(clients, submission.value.url))
  return problem && { ...problem, resource: id }
}

export async function forgetSubmissions(services: Pick<Services, 'tables'>, clusterId: string): Promise<void> {
  const table = submissionTable(services)
  for (;;) {
    // What is removed makes room on the first page.
    const { items, continuation } = await table.list(clusterId)
    await Promise.all(items.map(({ row }) => table.remove(clusterId, row)))
    if (continuation === undefined) return
  }
}
