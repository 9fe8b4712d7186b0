import * as z from 'zod'

/** What is absent is closed: the body replaces all that was open. */
const open = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false)

/** Body of `POST …/ports` (contract §1.3). */
export const portsRequestSchema = z.object({
  ports: z.object({ featureStore: open, onlineFeatureStore: open, kafka: open, ssh: open }),
})
