import type { ZodType } from 'zod'
import { accountView } from '../accounts/wire.ts'
import { azureClusterSchema } from '../clusters/create-request.ts'
import { wireCluster } from '../clusters/wire.ts'
import { workerSchema } from '../clusters/worker-configuration.ts'
import { KeyView } from '../keys/wire.ts'
import { notificationSchema } from '../notifications/notification.ts'
import { problemSchema } from '../operations/problem-schema.ts'
import { operationSummary, operationView, planView, shownNode, shownStep } from '../operations/wire.ts'
import { findingSchema } from '../preflight/finding.ts'
import { reportSchema } from '../preflight/preflight.ts'
import { priceSchema } from '../prices/price-of.ts'
import { builtInPolicyView, registryView } from '../registries/wire.ts'
import { policySchema } from '../retention/policy.ts'
import { runView } from '../retention/wire.ts'
import { catalogueEntrySchema } from '../versions/entry.ts'

/** What several endpoints take or answer is described once, under a name that stays. */
const shapes: Readonly<Record<string, ZodType>> = {
  Account: accountView,
  BuiltInPolicy: builtInPolicyView,
  Cluster: wireCluster,
  ClusterRequest: azureClusterSchema,
  Finding: findingSchema,
  Key: KeyView,
  Notification: notificationSchema,
  Operation: operationView,
  OperationSummary: operationSummary,
  Plan: planView,
  PlanNode: shownNode,
  Preflight: reportSchema,
  Price: priceSchema,
  Problem: problemSchema,
  Registry: registryView,
  RetentionPolicy: policySchema,
  RetentionRun: runView,
  Step: shownStep,
  VersionEntry: catalogueEntrySchema,
  WorkerGroup: workerSchema,
}

export const shapeNames: ReadonlyMap<ZodType, string> = new Map(Object.entries(shapes).map(([name, schema]) => [schema, name]))
