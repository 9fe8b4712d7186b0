import * as z from 'zod'
import { answered } from '../azure/answered.ts'
import { classify } from '../azure/classify.ts'
import { type DraftedCluster, draftCluster } from '../clusters/create-cluster.ts'
import type { CreateRequest } from '../clusters/create-request.ts'
import { checkRules } from '../clusters/create-rules.ts'
import { checkName } from '../clusters/name-store.ts'
import { priceOf, priceSchema } from '../prices/price-of.ts'
import { ProblemError } from '../problem.ts'
import type { RequestOrigin } from '../request-origin.ts'
import type { Services } from '../services.ts'
import { offeredVersions } from '../versions/catalogue.ts'
import { preflightChecks } from './checks.ts'
import { type CheckName, checkNames, type Finding, findingOf, findingSchema } from './finding.ts'

export const reportSchema = z.object({
  ready: z.boolean().describe('Nothing was found that would make the creation fail'),
  checks: z.array(z.object({ check: z.enum(checkNames), result: z.enum(['passed', 'warning', 'failed', 'unknown']) })).readonly(),
  findings: z.array(findingSchema).readonly(),
  price: priceSchema,
})
export type Report = z.output<typeof reportSchema>

/** Everything that can be found out about a creation before it begins: rules, the name, and then Azure. Writes nothing. */
export async function preflight(services: Services, request: CreateRequest, origin: RequestOrigin): Promise<Report> {
  const drafted = await draftCluster(services, request, origin)
  const { accountId, request: wanted } = drafted.cluster
  const offered = await offeredVersions(services)
  const own = await Promise.all([
    refused('request', async () => checkRules(wanted, offered)),
    refused('name', () => checkName(services, accountId, wanted.name)),
  ])
  const asked = await askAzure(services, drafted)
  return reportOf(drafted, [...own.flat(), ...asked])
}

/** As `preflight`, for a request that is known to keep the rules. */
export async function preflightOf(services: Services, drafted: DraftedCluster): Promise<Report> {
  return reportOf(drafted, await askAzure(services, drafted))
}

/** A check that cannot be made is a finding of its own: the others still tell what they see. */
async function askAzure(services: Services, { cluster, plan }: DraftedCluster): Promise<readonly Finding[]> {
  const found = await Promise.all(
    preflightChecks.map(async ({ check, look }) => {
      try {
        return await answered(async () => look({ clients: await services.azure.forAccount(cluster.accountId), cluster, plan }))
      } catch (error) {
        const problem = classify(error)
        if (problem.code === 'unknown')
          services.log('check-crashed', { check, error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
        return [findingOf(check, 'unknown', problem)]
      }
    }),
  )
  return found.flat()
}

async function refused(check: CheckName, attempt: () => Promise<void>): Promise<readonly Finding[]> {
  try {
    await attempt()
    return []
  } catch (error) {
    if (error instanceof ProblemError) return [findingOf(check, 'error', error.problem)]
    throw error
  }
}

function reportOf({ cluster }: DraftedCluster, findings: readonly Finding[]): Report {
  const checks = checkNames.map((check) => ({ check, result: resultOf(findings.filter((finding) => finding.check === check)) }))
  return { ready: !findings.some(({ severity }) => severity === 'error'), checks, findings, price: priceOf(cluster) }
}

function resultOf(findings: readonly Finding[]): Report['checks'][number]['result'] {
  const has = (severity: Finding['severity']) => findings.some((finding) => finding.severity === severity)
  if (has('error')) return 'failed'
  if (has('unknown')) return 'unknown'
  return has('warning') ? 'warning' : 'passed'
}
