import type { ZodType } from 'zod'
import * as z from 'zod'
import type { Json } from './json.ts'
import type { Plan, Step } from './plan.ts'

const stepSchema: ZodType<Step, Step> = z.strictObject({
  type: z.literal('step'),
  id: z.string(),
  kind: z.string(),
  title: z.string(),
  /** Written by the step's own planner and read by its own kind: nobody in between looks inside. */
  args: z.custom<Json>(),
  seconds: z.number(),
  touches: z.array(z.string()),
})

/** A plan as it is stored. */
export const planSchema: ZodType<Plan, Plan> = z.lazy(() => z.union([stepSchema, composite('sequence'), composite('parallel')]))

const composite = <Type extends 'sequence' | 'parallel'>(type: Type) =>
  z.strictObject({ type: z.literal(type), title: z.string(), nodes: z.array(planSchema) })
