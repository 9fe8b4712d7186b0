import * as z from 'zod'
import type { Stored } from '../storage/table.ts'
import type { StoredKey } from './key.ts'

const role = z.enum(['reader', 'operator', 'admin'])

export const KeyView = z.object({
  id: z.string(),
  name: z.string(),
  role,
  createdBy: z.string(),
  createdOn: z.number().describe('Epoch seconds'),
  expiresOn: z.number().optional().describe('Epoch seconds'),
  lastUsedOn: z.number().optional().describe('Epoch seconds, exact to the minute'),
})

export const KeyRequest = z
  .object({
    name: z.string().trim().min(1).max(100),
    role,
    expiresInDays: z.number().int().min(1).max(3650).optional().describe('Never unless told'),
  })
  .meta({ examples: [{ name: 'pipeline', role: 'operator', expiresInDays: 90 }] })

/** The key that would be made. */
export const KeyDraft = KeyView.pick({ name: true, role: true, createdBy: true, expiresOn: true })

export const KeyResponse = z.object({ key: z.string().describe('Shown this once'), ...KeyView.shape })

export const KeyList = z.object({ keys: z.array(KeyView), continuation: z.string().optional() })

export function keyView({ row, value }: Pick<Stored<StoredKey>, 'row' | 'value'>): z.input<typeof KeyView> {
  const { hash: _, revokedOn: __, ...shown } = value
  return { id: row, ...shown }
}
