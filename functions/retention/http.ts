import * as z from 'zod'
import { defineEndpoint, type Endpoint } from '../../shared/http/endpoint.ts'
import { Document, reply } from '../../shared/http/reply.ts'
import { getRegistry } from '../../shared/registries/registry-store.ts'
import { repositoryReport, toCsv, wholeReport } from '../../shared/retention/report.ts'
import type { Run } from '../../shared/retention/run.ts'
import { getRun } from '../../shared/retention/runs.ts'
import { startRun } from '../../shared/retention/start-run.ts'
import { runStore } from '../../shared/retention/store.ts'
import { reportLineView, repositoryResultView, runView, viewOfResult, viewOfRun } from '../../shared/retention/wire.ts'
import type { Services } from '../../shared/services.ts'

const oneRegistry = z.object({ registryId: z.string().max(64) })
const oneRun = oneRegistry.extend({ runId: z.string().max(100) })
const page = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  continuation: z.string().max(1000).exactOptional(),
})
const ofRepository = z.object({ repository: z.string().min(1).max(256).exactOptional() })
const started = z.object({ run: z.string().describe('Id of the run') })

const linesOf = (services: Services, run: Run, { repository }: z.output<typeof ofRepository>) =>
  repository === undefined ? wholeReport(services, run) : repositoryReport(services, run, repository)

export const retentionEndpoints: readonly Endpoint[] = [
  defineEndpoint({
    name: 'retention-runs-start',
    method: 'POST',
    route: 'registries/{registryId}/runs',
    role: 'operator',
    summary: 'Start a run; as a dry run it only finds out what would be deleted, and why the rest is kept',
    status: 202,
    params: oneRegistry,
    request: z
      .strictObject({ brakeOff: z.boolean().default(false).describe('The preview was looked at: so much may be deleted') })
      .default({ brakeOff: false }),
    response: started,
    dryRun: started,
    dryRunStatus: 202,
    async handler({ params: { registryId }, body: { brakeOff }, dryRun, caller, services, orchestrations }) {
      const registry = await getRegistry(services, registryId)
      const run = await startRun(services, orchestrations, registry, { trigger: 'hand', requestedBy: caller.name, dryRun, brakeOff })
      const headers = { 'Operation-Location': `/api/registries/${registryId}/runs/${run.id}`, 'Retry-After': '2' }
      return reply({ run: run.id }, { headers })
    },
  }),
  defineEndpoint({
    name: 'retention-runs-list',
    method: 'GET',
    route: 'registries/{registryId}/runs',
    role: 'reader',
    summary: 'List the runs over a registry, newest first',
    params: oneRegistry,
    query: page,
    response: z.object({ runs: z.array(runView), continuation: z.string().exactOptional() }),
    async handler({ params: { registryId }, query, services }) {
      await getRegistry(services, registryId)
      const { items, ...rest } = await runStore(services.tables).runs.list(registryId, query)
      return { runs: items.map(({ value }) => viewOfRun(value)), ...rest }
    },
  }),
  defineEndpoint({
    name: 'retention-runs-get',
    method: 'GET',
    route: 'registries/{registryId}/runs/{runId}',
    role: 'reader',
    summary: 'Show a run',
    params: oneRun,
    response: z.object({ run: runView }),
    handler: async ({ params: { registryId, runId }, services }) => ({ run: viewOfRun(await getRun(services, registryId, runId)) }),
  }),
  defineEndpoint({
    name: 'retention-runs-repositories',
    method: 'GET',
    route: 'registries/{registryId}/runs/{runId}/repositories',
    role: 'reader',
    summary: 'List what a run did, repository by repository',
    params: oneRun,
    query: page,
    response: z.object({ repositories: z.array(repositoryResultView), continuation: z.string().exactOptional() }),
    async handler({ params: { registryId, runId }, query, services }) {
      const run = await getRun(services, registryId, runId)
      const { items, ...rest } = await runStore(services.tables).results.list(run.id, query)
      return { repositories: items.map(({ value }) => viewOfResult(value)), ...rest }
    },
  }),
  defineEndpoint({
    name: 'retention-runs-report',
    method: 'GET',
    route: 'registries/{registryId}/runs/{runId}/report',
    role: 'reader',
    summary: 'Every untagged manifest that a run found, what it decided and why',
    params: oneRun,
    query: ofRepository,
    response: z.object({ run: runView, manifests: z.array(reportLineView) }),
    async handler({ params: { registryId, runId }, query, services }) {
      const run = await getRun(services, registryId, runId)
      return { run: viewOfRun(run), manifests: [...(await linesOf(services, run, query))] }
    },
  }),
  defineEndpoint({
    name: 'retention-runs-report-csv',
    method: 'GET',
    route: 'registries/{registryId}/runs/{runId}/report.csv',
    role: 'reader',
    summary: 'The same as a table',
    params: oneRun,
    query: ofRepository,
    document: 'text/csv',
    response: z.string(),
    async handler({ params: { registryId, runId }, query, services }) {
      const run = await getRun(services, registryId, runId)
      return new Document(toCsv(await linesOf(services, run, query)), 'text/csv; charset=utf-8')
    },
  }),
]
