import * as z from 'zod'
import { workerSchema } from '../clusters/worker-configuration.ts'

/** Body of `POST` and `DELETE …/workers`: the counts are how many to add or to remove (contract §1.3). */
export const workersRequestSchema = z.object({ workers: z.array(workerSchema).min(1).max(100) })
export type WorkersRequest = z.output<typeof workersRequestSchema>
