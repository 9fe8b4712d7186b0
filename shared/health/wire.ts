import * as z from 'zod'

export const Health = z.object({
  status: z.enum(['healthy', 'unhealthy']),
  version: z.string(),
  runtime: z.string(),
  functions: z.number().int().describe('How many functions the app has registered'),
  startedOn: z.number().describe('Epoch seconds'),
  storage: z.object({ reachable: z.boolean(), message: z.string().optional() }),
  secrets: z.object({ writable: z.boolean(), message: z.string().optional() }).describe('A Key Vault is not asked'),
  settings: z.array(z.object({ name: z.string(), message: z.string() })).describe('Settings that are wrong or missing'),
})
export type Health = z.input<typeof Health>
