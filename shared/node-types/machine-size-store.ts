import * as z from 'zod'
import { answered } from '../azure/answered.ts'
import { classify } from '../azure/classify.ts'
import { type MachineSize, machineSizes } from '../azure/machine-sizes.ts'
import { ProblemError } from '../problem.ts'
import type { Services } from '../services.ts'

/** How long the list of a location holds, milliseconds: Azure sells a new size now and then. */
const HOLDS = 3_600_000

const sizesSchema = z.object({
  /** Epoch milliseconds. */
  at: z.number(),
  sizes: z.array(
    z.object({
      name: z.string(),
      family: z.string(),
      vCpus: z.number(),
      memory: z.number(),
      nvme: z.boolean(),
      premiumStorage: z.boolean(),
      temporaryDisk: z.boolean(),
      restricted: z.boolean(),
    }),
  ),
})

const ANYWHERE = '*'

const sizesTable = ({ tables }: Services) => tables.table('machinesizes', sizesSchema)

/** The sizes that an account's subscription is sold in a location, or in any; empty where Azure has no such location. Asked once an hour at most. */
export async function sizesIn(services: Services, accountId: string, location?: string): Promise<readonly MachineSize[]> {
  const table = sizesTable(services)
  const now = services.clock.now()
  const row = location ?? ANYWHERE
  const known = await table.get(accountId, row)
  if (known && now - known.value.at < HOLDS) return known.value.sizes
  const sizes = await asked(services, accountId, location)
  if (sizes.length > 0) await table.upsert(accountId, row, { at: now, sizes: [...sizes] })
  return sizes
}

/** Sizes of a location that Azure has ever told of, without asking it: what a size is never changes. */
export async function heardOf(services: Services, accountId: string, location: string): Promise<readonly MachineSize[]> {
  const rows = await Promise.all([location, ANYWHERE].map((row) => sizesTable(services).get(accountId, row)))
  return rows.flatMap((known) => known?.value.sizes ?? [])
}

async function asked(services: Services, accountId: string, location?: string): Promise<readonly MachineSize[]> {
  try {
    return await answered(async () => machineSizes(await services.azure.forAccount(accountId), location))
  } catch (error) {
    throw new ProblemError(classify(error))
  }
}
