import * as z from 'zod'
import { instanceType, integer, LARGEST_DISK, optional, spotSchema } from '../clusters/worker-configuration.ts'

const MOST = 1000
const DAY = 86_400

/** How the workers of a cluster scale (contract §1.4). */
export const autoscaleBaseSchema = z
  .object({
    instanceType,
    /** GB */
    diskSize: optional(integer(0, LARGEST_DISK), 512),
    minWorkers: optional(integer(0, MOST), 0),
    maxWorkers: optional(integer(0, MOST), 10),
    /** Free resources to keep, as a part of one worker. */
    standbyWorkers: optional(z.number().min(0).max(MOST), 0.5),
    /** Seconds. */
    downscaleWaitTime: optional(integer(0, DAY), 300),
    spotInfo: spotSchema.nullish().transform((value) => value ?? undefined),
  })
  .refine(({ minWorkers, maxWorkers }) => minWorkers <= maxWorkers, { path: ['maxWorkers'], error: 'must not be less than minWorkers' })
export type Autoscale = Readonly<z.output<typeof autoscaleBaseSchema>>

export const autoscaleSchema = z.object({ nonGpu: autoscaleBaseSchema.nullish().transform((value) => value ?? undefined) })
