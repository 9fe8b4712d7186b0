import type { AzureClients } from '../azure/clients.ts'
import type { Cluster } from '../clusters/cluster.ts'
import type { Plan } from '../operations/plan.ts'
import type { FeatureUser } from '../permissions/control-plane-role.ts'
import type { CheckName, Finding } from './finding.ts'

/** A cluster that is to be, and the Azure that it is to be in. */
export interface Site {
  readonly clients: AzureClients
  readonly cluster: Cluster
  readonly plan: Plan
}

/** One thing to look at before a cluster is made. Changes nothing. */
export interface PreflightCheck extends FeatureUser {
  readonly check: CheckName
  readonly look: (site: Site) => Promise<readonly Finding[]>
}
