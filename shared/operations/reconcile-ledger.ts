import type { Services } from '../services.ts'
import type { LedgerEntry } from './ledger.ts'
import { resourceLedger } from './resource-ledger.ts'

/** A resource in Azure that carries the tags of a cluster (`slipway-cluster`, `slipway-operation`) or of a backup (`slipway-backup`). */
export interface TaggedResource {
  readonly armId: string
  /** Id of the cluster or backup. */
  readonly subjectId: string
  readonly operationId: string
}

/** Seconds of real Azure for which its list may still show what is gone. */
const LIST_LAG = 600

/** Enters what Azure has and the ledger lacks: storage that was killed (the emulator) has lost its last seconds. */
export async function reconcileLedger(services: Services, tagged: readonly TaggedResource[]): Promise<void> {
  const oldest = services.clock.now() / 1000 - LIST_LAG / services.settings.clockSpeed
  for (const [subjectId, resources] of Map.groupBy(tagged.filter(hasOurTags), (resource) => resource.subjectId)) {
    const entries = await resourceLedger(services, subjectId, '').list()
    const known = new Set(entries.filter((entry) => isHeld(entry, oldest)).map((entry) => entry.armId.toLowerCase()))
    for (const { armId, operationId } of resources) {
      if (known.has(armId.toLowerCase())) continue
      await resourceLedger(services, subjectId, operationId).created(armId)
      services.log('ledger-entered', { subject: subjectId, resource: armId })
    }
  }
}

/** Anybody in the subscription can write tags: what cannot be ours must not reach storage as a key. */
const hasOurTags = ({ subjectId, operationId }: TaggedResource): boolean => /^[\w-]{1,64}$/.test(subjectId) && operationId.length <= 80

/** Whether the ledger's word counts: what it has called gone for long and Azure still lists is not gone. */
const isHeld = ({ state, since }: LedgerEntry, oldest: number): boolean => state !== 'gone' || since > oldest
