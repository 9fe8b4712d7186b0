import * as z from 'zod'

/** What Go's decoder takes for absent, and what Go's encoder writes for it. */
export const optional = <T extends z.ZodType, D extends z.output<T>>(schema: T, absent: D) =>
  z.preprocess((value) => value ?? undefined, schema.optional()).transform((value) => value ?? absent)

export const flag = (absent = false) => optional(z.boolean(), absent)
export const integer = (least: number, most: number) => z.int().min(least).max(most)

/** An Azure VM size, e.g. `Standard_D8_v3`. */
export const instanceType = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be the name of a VM size, e.g. Standard_D8_v3')

export const LARGEST_DISK = 32_767

export const spotSchema = z.object({
  /** Percent of the price on demand. */
  maxPrice: optional(integer(1, 200), 100),
  fallBackOnDemand: flag(true),
})

export const workerSchema = z.object({
  instanceType,
  diskSize: optional(integer(0, LARGEST_DISK), 512),
  count: optional(integer(0, 1000), 1),
  spotInfo: spotSchema.nullish().transform((value) => value ?? undefined),
})

export type SpotConfiguration = z.output<typeof spotSchema>
export type WorkerConfiguration = z.output<typeof workerSchema>
