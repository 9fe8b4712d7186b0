import type { Row } from './row.ts'
import { bundleLoad } from './rows/bundle-load.ts'
import { bundleSize } from './rows/bundle-size.ts'
import { event } from './rows/event.ts'
import { getCluster } from './rows/get-cluster.ts'
import { hostStart } from './rows/host-start.ts'
import { http } from './rows/http.ts'
import { idleMemory } from './rows/idle-memory.ts'
import { listClusters } from './rows/list-clusters.ts'
import { manyClusters } from './rows/many-clusters.ts'
import { orchestrations } from './rows/orchestrations.ts'
import { provisioningLarge } from './rows/provisioning-large.ts'
import { provisioningSmall } from './rows/provisioning-small.ts'
import {
  retentionFirst,
  retentionKnown,
  retentionMany,
  retentionOne,
  retentionReads,
  retentionRegistries,
  retentionUnchanged,
} from './rows/retention.ts'
import { retentionLarge, retentionThrottled } from './rows/retention-large.ts'
import { worldStart } from './rows/world-start.ts'

/** In the order of the table. */
export const rows: readonly Row[] = [
  hostStart,
  worldStart,
  orchestrations,
  event,
  http,
  idleMemory,
  provisioningSmall,
  provisioningLarge,
  getCluster,
  listClusters,
  manyClusters,
  retentionOne,
  retentionReads,
  retentionKnown,
  retentionFirst,
  retentionMany,
  retentionRegistries,
  retentionUnchanged,
  retentionLarge,
  retentionThrottled,
  bundleSize,
  bundleLoad,
]
