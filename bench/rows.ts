import type { Row } from './row.ts'
import { bundleLoad } from './rows/bundle-load.ts'
import { bundleSize } from './rows/bundle-size.ts'
import { event } from './rows/event.ts'
import { hostStart } from './rows/host-start.ts'
import { http } from './rows/http.ts'
import { idleMemory } from './rows/idle-memory.ts'
import { orchestrations } from './rows/orchestrations.ts'

/** In the order of the table. */
export const rows: readonly Row[] = [hostStart, orchestrations, event, http, idleMemory, bundleSize, bundleLoad]
